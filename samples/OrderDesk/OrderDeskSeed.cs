using System.Globalization;
using Microsoft.Data.Sqlite;

namespace OrderDesk;

/// <summary>The 200 orders a new database starts with; the same on every machine.</summary>
internal static class OrderDeskSeed
{
    public const int FirstOrder = 1001;
    public const int LastOrder = 1200;

    private static readonly DateOnly FirstDay = new(2026, 1, 5);

    private static readonly string[] FirstNames =
        ["Ada", "Bruno", "Carmen", "Dmitri", "Elif", "Farah", "Goran", "Hanna", "Ines", "Jonas", "Kofi", "Lena", "Mateo", "Nadia", "Oskar", "Priya"];

    private static readonly string[] LastNames = ["Almeida", "Berg", "Castillo", "Dahl", "Eriksen", "Fischer", "Grant", "Haddad", "Ito", "Jansen"];

    private static readonly (string Product, int Cents)[] Products =
    [
        ("Desk lamp, brass", 5990), ("Ceramic teapot", 3450), ("Wool blanket", 8900), ("Notebook, A5, dotted", 1290), ("Coffee grinder", 7450),
        ("Cast-iron pan", 4990), ("Bamboo cutting board", 2790), ("Water glass, set of six", 2400), ("Wall clock, oak", 6500), ("Bread knife", 3975),
    ];

    public static void Fill(SqliteConnection connection, SqliteTransaction transaction)
    {
        const int Customers = 40;
        for (var i = 0; i < Customers; i++)
        {
            var (first, last) = (FirstNames[i % FirstNames.Length], LastNames[i * 7 % LastNames.Length]);
            var email = string.Create(CultureInfo.InvariantCulture, $"{first}.{last}{i + 1}@example.com").ToLowerInvariant();
            connection.Run(transaction, "INSERT INTO customers VALUES ($id, $name, $email)", ("$id", i + 1), ("$name", $"{first} {last}"), ("$email", email));
        }
        for (var id = FirstOrder; id <= LastOrder; id++)
        {
            InsertOrder(connection, transaction, id, customer: (id * 13 % Customers) + 1);
        }
    }

    /// <summary>Of every twenty orders one is unpaid, one cancelled, one refunded, one just placed and one on its way; 1042 is none of these.</summary>
    private static (string Status, string Payment) StateOf(int id) => (id % 20) switch
    {
        5 => ("placed", "unpaid"),
        9 => ("cancelled", "unpaid"),
        13 => ("delivered", "refunded"),
        16 => ("placed", "paid"),
        18 => ("shipped", "paid"),
        _ => ("delivered", "paid"),
    };

    private static void InsertOrder(SqliteConnection connection, SqliteTransaction transaction, int id, int customer)
    {
        var items = Enumerable.Range(0, (id % 3) + 1).Select(line => (Item: Products[((id * 3) + (line * 7)) % Products.Length], Quantity: ((id + line) % 2) + 1)).ToList();
        var total = items.Sum(line => line.Item.Cents * line.Quantity);
        var (status, payment) = StateOf(id);
        var day = FirstDay.AddDays(id - FirstOrder).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        connection.Run(
            transaction,
            "INSERT INTO orders VALUES ($id, $customer, $status, $payment, $total, $day)",
            ("$id", id), ("$customer", customer), ("$status", status), ("$payment", payment), ("$total", total), ("$day", day));
        for (var line = 0; line < items.Count; line++)
        {
            connection.Run(
                transaction,
                "INSERT INTO order_items VALUES ($order, $line, $product, $quantity, $price)",
                ("$order", id), ("$line", line + 1), ("$product", items[line].Item.Product), ("$quantity", items[line].Quantity), ("$price", items[line].Item.Cents));
        }
        if (payment != "unpaid")
        {
            InsertPayment(connection, transaction, $"PAY-{id}", id, "charge", total, "order paid", day);
        }
        if (payment == "refunded")
        {
            InsertPayment(connection, transaction, $"RF-{id}", id, "refund", total, "returned by the customer", day);
        }
    }

    private static void InsertPayment(
        SqliteConnection connection, SqliteTransaction transaction, string payment, int order, string kind, int cents, string reason, string day) =>
        connection.Run(
            transaction,
            "INSERT INTO payments VALUES ($id, $order, $kind, $cents, $reason, $at)",
            ("$id", payment), ("$order", order), ("$kind", kind), ("$cents", cents), ("$reason", reason), ("$at", $"{day}T12:00:00.0000000+00:00"));
}
