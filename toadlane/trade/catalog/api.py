from ninja import Router

router = Router(tags=["catalog"])
server = Router(tags=["catalog"])
