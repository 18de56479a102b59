from ninja import Router

router = Router(tags=["payments"])
server = Router(tags=["payments"])
