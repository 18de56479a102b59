from ninja import Router

router = Router(tags=["members"])
server = Router(tags=["members"])
