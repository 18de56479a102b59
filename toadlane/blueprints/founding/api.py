from ninja import Router

router = Router(tags=["founding"])
server = Router(tags=["founding"])
