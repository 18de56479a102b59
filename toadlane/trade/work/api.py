from ninja import Router

router = Router(tags=["work"])
server = Router(tags=["work"])
