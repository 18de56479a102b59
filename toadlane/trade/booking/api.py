from ninja import Router

router = Router(tags=["booking"])
server = Router(tags=["booking"])
