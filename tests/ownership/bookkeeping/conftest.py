from tests.ownership.surplus.conftest import set_rules

__all__ = ["set_rules"]
