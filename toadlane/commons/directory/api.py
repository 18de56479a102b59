from ninja import Router

router = Router(tags=["directory"])
server = Router(tags=["directory"])
