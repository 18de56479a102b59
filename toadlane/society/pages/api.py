from ninja import Router

router = Router(tags=["pages"])
server = Router(tags=["pages"])
