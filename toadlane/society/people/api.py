from ninja import Router

router = Router(tags=["people"])
server = Router(tags=["people"])
