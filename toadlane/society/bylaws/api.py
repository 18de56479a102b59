from ninja import Router

router = Router(tags=["bylaws"])
server = Router(tags=["bylaws"])
