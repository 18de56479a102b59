from ninja import Router

router = Router(tags=["webhooks"])
server = Router(tags=["webhooks"])
