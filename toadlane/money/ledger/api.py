from ninja import Router

router = Router(tags=["ledger"])
server = Router(tags=["ledger"])
