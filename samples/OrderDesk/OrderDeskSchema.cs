namespace OrderDesk;

/// <summary>
/// Tables of the order desk. State is everything but <c>effects</c>, which is the audit: what each idempotency key did, kept for good, so that taking an
/// effect back changes the state and adds a row here.
/// </summary>
internal static class OrderDeskSchema
{
    /// <summary>Kept in <c>user_version</c>.</summary>
    public const int Version = 1;

    public const string Sql = """
        CREATE TABLE customers (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE);
        CREATE TABLE orders (
            id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
            status TEXT NOT NULL CHECK (status IN ('placed', 'shipped', 'delivered', 'cancelled')),
            payment_status TEXT NOT NULL CHECK (payment_status IN ('unpaid', 'paid', 'partially_refunded', 'refunded')),
            total_cents INTEGER NOT NULL CHECK (total_cents > 0), ordered_on TEXT NOT NULL);
        CREATE TABLE order_items (
            order_id INTEGER NOT NULL REFERENCES orders (id), line INTEGER NOT NULL, product TEXT NOT NULL,
            quantity INTEGER NOT NULL CHECK (quantity > 0), unit_price_cents INTEGER NOT NULL CHECK (unit_price_cents > 0),
            PRIMARY KEY (order_id, line));
        CREATE TABLE payments (
            id TEXT PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id), kind TEXT NOT NULL CHECK (kind IN ('charge', 'refund')),
            amount_cents INTEGER NOT NULL CHECK (amount_cents > 0), reason TEXT NOT NULL, made_at TEXT NOT NULL);
        CREATE TABLE notes (
            id TEXT PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id), text TEXT NOT NULL, written_at TEXT NOT NULL);
        CREATE TABLE drafts (
            id TEXT PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id), subject TEXT NOT NULL, body TEXT NOT NULL,
            written_at TEXT NOT NULL);
        -- The outbox: a mail program sends from here.
        CREATE TABLE messages (
            id TEXT PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id), recipient TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
            queued_at TEXT NOT NULL);
        CREATE TABLE effects (
            idempotency_key TEXT PRIMARY KEY, tool TEXT NOT NULL, session_id TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('done', 'withdrawn')), result TEXT NOT NULL, made_at TEXT NOT NULL);
        CREATE INDEX orders_by_customer ON orders (customer_id);
        CREATE INDEX payments_by_order ON payments (order_id);
        CREATE TRIGGER effects_are_never_changed BEFORE UPDATE ON effects BEGIN SELECT RAISE (ABORT, 'effects are append-only'); END;
        CREATE TRIGGER effects_are_never_deleted BEFORE DELETE ON effects BEGIN SELECT RAISE (ABORT, 'effects are append-only'); END;
        """;
}
