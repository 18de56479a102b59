from ninja import Router

router = Router(tags=["reviews"])
server = Router(tags=["reviews"])
