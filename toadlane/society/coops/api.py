from ninja import Router

router = Router(tags=["coops"])
server = Router(tags=["coops"])
