"""PostgreSQL backend whose transactions start with the current scope."""

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from harmreduction.pg import scope

SET_SCOPE = (
    "select set_config('role', %s, true), set_config('app.sites', %s, true),"
    " set_config('app.staff', %s, true), set_config('app.token', %s, true)"
)


class DatabaseWrapper(base.DatabaseWrapper):
    def set_autocommit(self, autocommit, force_begin_transaction_with_broken_autocommit=False):
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        if not autocommit:
            self.apply_scope()

    def apply_scope(self):
        """Send the scope when a transaction is open; a failed one undoes it by rolling back."""
        if self.connection is None or self.get_autocommit():
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return
        with self.wrap_database_errors:
            self.connection.execute(SET_SCOPE, scope.current().settings())
