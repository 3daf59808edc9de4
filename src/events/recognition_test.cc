#include "footfall/events/recognition.h"

#include <gmock/gmock.h>

#include "footfall/events/column_facts.h"
#include "footfall/events/test_files.h"

namespace footfall::events {
namespace {

using test::read_csv;

// What was found, as one text: "kind event=.. time=../unit user=.. ...".
std::string found(const std::string& csv, std::optional<FileKind> as = std::nullopt) {
  const Recognition recognition = recognise(read_csv(csv), as);
  const Mapping& mapping = recognition.mapping;
  std::string text(file_kind_name(mapping.kind));
  if (!mapping.event.column.empty()) text += " event=" + mapping.event.column;
  if (!mapping.event.constant.empty()) text += " event:" + mapping.event.constant;
  if (!mapping.time.column.empty()) text += " time=" + mapping.time.column;
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if (mapping.has(field)) {
      text += " " + std::string(field_name(field)) + "=" + mapping.column(field);
    }
  }
  for (const auto& [name, column] : mapping.properties) text += " ." + name + "=" + column;
  if (!recognition.preset.empty()) text += " (" + recognition.preset + ")";
  return text;
}

TEST(Recognise, FindsTheColumnsOfEachKindOfFile) {
  struct Case {
    const char* why;
    const char* csv;
    const char* expected;
  };
  const Case cases[] = {
      {"UCI Online Retail",
       "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
       "536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n",
       "orders time=InvoiceDate user=CustomerID item=StockCode item_name=Description "
       "order=InvoiceNo quantity=Quantity price=UnitPrice country=Country (uci online retail)"},
      {"the sample's columns, with item codes of another shop",
       "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
       "1,TEE-1,TEE,6,2024-12-01 08:26:00,2.55,7,France\n2,A1,CAP,1,2024-12-02,3,8,France\n",
       "orders time=InvoiceDate user=CustomerID item=StockCode item_name=Description "
       "order=InvoiceNo quantity=Quantity price=UnitPrice country=Country"},
      {"retailrocket, folded", "timestamp,user,item,behavior\n1430623510,1176,6768,view\n",
       "events event=behavior time=timestamp user=user item=item sequence=$row "
       "(retailrocket, one time for each behaviour)"},
      {"retailrocket",
       "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n",
       "events event=event time=timestamp user=visitorid item=itemid order=transactionid "
       "(retailrocket)"},
      {"GA4, flattened",
       "event_name,event_timestamp,user_pseudo_id,user_id,event_params.ga_session_id,"
       "ecommerce.transaction_id,items\nview_item,1609459200000000,1.2,,7,,\n",
       "events event=event_name time=event_timestamp user=user_id device=user_pseudo_id "
       "session=event_params.ga_session_id order=ecommerce.transaction_id items=items "
       "(ga4 export)"},
      {"Shopify",
       "Name,Email,Financial Status,Paid at,Currency,Lineitem quantity,Lineitem name,"
       "Lineitem price,Lineitem sku,Created at,Shipping Country\n"
       "#1001,a@b.c,paid,2014-09-16 16:35:52 -0400,USD,2,Mug,9.50,MUG-1,"
       "2014-09-16 16:35:00 -0400,US\n",
       "orders time=Created at user=Email item=Lineitem sku item_name=Lineitem name order=Name "
       "line=$row quantity=Lineitem quantity price=Lineitem price currency=Currency "
       "country=Shipping Country order_status=Financial Status (shopify orders export)"},
      {"WooCommerce",
       "Order Number,Order Date,Customer User ID,SKU,Item Name,Quantity,Item Cost,Order Currency\n"
       "1201,2021-05-01 10:00:00,17,MUG-1,Mug,2,9.5,EUR\n",
       "orders time=Order Date user=Customer User ID item=SKU item_name=Item Name "
       "order=Order Number quantity=Quantity price=Item Cost currency=Order Currency"},
      {"WooCommerce with refunds",
       "Order Number,Order Status,Order Date,Customer User ID,SKU,Quantity,Item Cost,"
       "Order Refund Amount\n1201,completed,2021-05-01 10:00:00,17,MUG-1,2,9.5,1\n",
       "orders time=Order Date user=Customer User ID item=SKU order=Order Number line=$row "
       "quantity=Quantity price=Item Cost refunded=Order Refund Amount order_status=Order Status "
       "(woocommerce orders export)"},
      {"a public event log",
       "event_time,event_type,product_id,category_code,brand,price,user_id,user_session\n"
       "2019-10-01 00:00:00 UTC,view,44600062,,shiseido,35.79,541312140,72d76fde\n",
       "events event=event_type time=event_time user=user_id session=user_session "
       "item=product_id price=price"},
      {"names nobody knows, told by their cells",
       "who,what,when,user_id\n1,view,2019-10-01 00:00:00,7\n2,cart,2019-10-01 00:00:01,8\n",
       "events event=what time=when user=user_id"},
      {"items", "item_id,name,category,brand,price\n1,Mug,kitchen,Acme,9.5\n",
       "items item=item_id item_name=name price=price .category=category .brand=brand"},
      {"typed headers",
       "item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n"
       "1\tToy Story\t1995\tAnimation\n",
       "items item=item_id:token item_name=movie_title:token_seq .category=class:token_seq"},
      {"users", "user_id,age,gender\n1,24,M\n", "users user=user_id"},
      {"ratings are reviews",
       "user_id:token\titem_id:token\trating:float\ttimestamp:float\n196\t242\t3\t881250949\n",
       "reviews time=timestamp:float user=user_id:token item=item_id:token rating=rating:float"},
      {"stock levels", "sku,date,on_hand\nMUG-1,2021-05-01,0\n",
       "stock event:stock_level time=date item=sku quantity=on_hand"},
      {"stock movements", "sku,date,change\nMUG-1,2021-05-01,-3\n",
       "stock event:stock_adjustment time=date item=sku quantity=change"},
      {"price changes", "sku,date,old_price,new_price\nMUG-1,2021-05-01,9,10\n",
       "stock event:price_change time=date item=sku price=new_price"},
  };
  for (const Case& c : cases) EXPECT_EQ(found(c.csv), c.expected) << c.why;
}

TEST(Recognise, TheCallerMaySayWhatAFileIs) {
  EXPECT_EQ(found("user,item,rating,time\n1,2,3,2021-01-01\n", FileKind::kEvents),
            "events time=time user=user item=item");
}

TEST(Recognise, CellsTemperWhatNamesSay) {
  const auto confidence = [](const std::string& csv) {
    for (const FieldGuess& guess : recognise(read_csv(csv), std::nullopt).fields) {
      if (guess.field == "time") return guess.confidence;
    }
    return 0.0;
  };
  const double good = confidence("timestamp,user,event\n2021-01-01,1,view\n");
  const double poor = confidence("timestamp,user,event\nlater,1,view\n");
  EXPECT_GT(good, 0.9);
  EXPECT_LT(poor, 0.3);
}

TEST(Recognise, RulesHoldWhereMostOfTheSampleHasTheirForm) {
  const auto mapping = [](const std::string& csv) {
    return recognise(read_csv(csv), std::nullopt).mapping;
  };
  const Mapping plain = mapping(
      "order_id,sku,quantity,price,date\n1001,84029G,1,2,2021-01-01\n1002,84029E,1,2,2021-01-01\n"
      "C1003,71053,-1,2,2021-01-01\n");
  EXPECT_EQ(plain.cancellation_prefix, "C");
  EXPECT_EQ(plain.bookkeeping, Bookkeeping::kWords);
  const Mapping lettered = mapping(
      "order_id,sku,quantity,price,date\nC1001,MUG-1,1,2,2021-01-01\nC1002,B,1,2,2021-01-01\n");
  EXPECT_EQ(lettered.cancellation_prefix, "") << "all numbers of this shop begin with C";
  EXPECT_EQ(lettered.bookkeeping, Bookkeeping::kOff) << "B may be a product of this shop";
  EXPECT_TRUE(mapping("order_id,sku,quantity,price,date\n1,MUG,1,2,2021-01-01\n1,CUP,1,2,\n")
                  .order_cells_once);
}

TEST(Recognise, HeadersOfOtherLanguages) {
  const char* const headers[][8] = {
      {"Bestellnummer", "Bestelldatum", "Kundennummer", "Artikelnummer", "Menge", "Einzelpreis",
       "Währung", "Land"},
      {"Numéro de commande", "Date de commande", "ID client", "Référence produit", "Quantité",
       "Prix unitaire", "Devise", "Pays"},
      {"Número de pedido", "Fecha de pedido", "ID cliente", "Código producto", "Cantidad",
       "Precio unitario", "Moneda", "País"},
      {"Numero ordine", "Data ordine", "Codice cliente", "Codice prodotto", "Quantità",
       "Prezzo unitario", "Valuta", "Paese"}};
  for (const auto& [order, time, user, item, quantity, price, currency, country] : headers) {
    std::string csv;
    for (const char* name : {order, time, user, item, quantity, price, currency, country}) {
      csv += std::string(csv.empty() ? "" : ",") + name;
    }
    const std::string text = found(csv + "\nB-1,2021-01-13,k1,a7,2,1.50,EUR,DE\n");
    EXPECT_EQ(text.find("orders "), 0u) << text;
    const std::pair<const char*, const char*> fields[] = {
        {"time", time},         {"user", user},   {"item", item},         {"order", order},
        {"quantity", quantity}, {"price", price}, {"currency", currency}, {"country", country}};
    for (const auto& [field, column] : fields) {
      EXPECT_THAT(text, testing::HasSubstr(std::string(" ") + field + "=" + column)) << text;
    }
  }
}

TEST(Recognise, HeadersOfAFrenchShop) {
  EXPECT_EQ(found("N° commande;Date;Client;Référence;Désignation;Quantité;Prix unitaire\n"
                  "B-1;2021-01-13;k1;a7;Tasse;2;1,50\n"),
            "orders time=Date user=Client item=Référence item_name=Désignation order=N° commande "
            "quantity=Quantité price=Prix unitaire");
}

TEST(Recognise, PersonalColumnsOfOtherLanguagesAreNotKept) {
  for (const char* name : {"Vorname", "Straße", "Telefon", "Geburtsdatum", "E-Mail", "Prénom",
                           "Nom", "Adresse", "Téléphone", "Dirección", "Apellidos", "Nombre",
                           "Correo electrónico", "Cognome", "Indirizzo", "Data di nascita"}) {
    EXPECT_TRUE(is_personal(name)) << name;
    EXPECT_TRUE(property_columns({}, std::vector<std::string>{name}).empty()) << name;
  }
  for (const char* name : {"Portemonnaie", "Nombre producto", "Versandart", "Rue de la Paix?"}) {
    EXPECT_FALSE(is_personal(name)) << name;
  }
}

TEST(Recognise, OrdersUnderNamesNobodyKnows) {
  struct Case {
    const char* why;
    const char* csv;
    const char* kind;
  };
  const Case cases[] = {
      {"parts of the names of order, quantity and price",
       "Beleg-Nr,Wann,Ware,Stk-Zahl,VK-Preis\nB-1,2021-01-13 10:00,a7,2,1.50\n", "orders"},
      {"a quantity and a price", "Bon,Wann,Ware,Anz. Stk,Gesamtbetrag\n1,soon,a7,2,1.50\n",
       "orders"},
      {"known columns of an item beside an order that is not: no list of items",
       "Order Ref.,Product,Qty,Price,Date\n1,a7,2,1.50,2021-01-13\n", "orders"},
      {"a list of items with what is in stock",
       "sku,name,price,quantity,reorder_level,date\na7,Mug,1.50,4,10,2021-01-13\n", "items"},
      {"a price alone", "Wer,Was,Wann,Preis\nu1,click,2021-01-13 10:00,2\n", "events"},
      {"nothing that is known", "Wer,Was,Wann\nu1,click,2021-01-13 10:00\n", "events"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(found(c.csv).find(c.kind), 0u) << c.why << ": " << found(c.csv);
}

TEST(Recognise, IdsOfPersonsAreNeverProperties) {
  for (const char* name : {"user", "user_id", "customer_id", "Customer", "user.id", "client_id",
                           "visitorid", "device_id", "Kunde", "buyer id"}) {
    EXPECT_TRUE(is_personal(name)) << name;
  }
  const std::vector<std::string> columns = {"user_id", "customer_id", "item", "colour"};
  Mapping mapping;
  mapping.column(Field::kUser) = "user_id";
  mapping.column(Field::kItem) = "item";
  const auto properties = property_columns(mapping, columns);
  ASSERT_EQ(properties.size(), 1u) << "a second id is not kept";
  EXPECT_EQ(properties[0].first, "colour");
  mapping.properties = {{"till_customer", "customer_id"}};
  EXPECT_EQ(property_columns(mapping, columns).size(), 2u) << "but where the mapping wants it";
}

TEST(Recognise, OneOddRowDoesNotDecideWhoThePersonsAre) {
  std::string csv = "event,timestamp,user,user.id\n";
  for (int row = 0; row < 30; ++row) csv += "view,2021-01-01,u" + std::to_string(row) + ",\n";
  EXPECT_THAT(found(csv + "view,2021-01-01,,1\n"), testing::HasSubstr(" user=user"));
  EXPECT_THAT(found(csv + "view,2021-01-01,,1\n"), testing::Not(testing::HasSubstr("user.id")));
  EXPECT_THAT(found("event,timestamp,user,user.id\nview,2021-01-01,u,1\n"),
              testing::HasSubstr(" user=user.id"));
}

TEST(Recognise, PersonalColumnsAreNoted) {
  const Recognition recognition =
      recognise(read_csv("user_id,age,email,Billing Name\n1,24,a@b.c,Ann\n"), std::nullopt);
  ASSERT_EQ(recognition.notes.size(), 1u);
  EXPECT_THAT(recognition.notes[0], testing::EndsWith(": email, Billing Name"));
  const std::vector<std::string> columns = {"user_id", "age", "email", "Billing Name"};
  const auto properties = property_columns(recognition.mapping, columns);
  ASSERT_EQ(properties.size(), 1u);
  EXPECT_EQ(properties[0].first, "age");
}

TEST(Recognise, ColumnsThatChangeAfterTheSaleAreNoted) {
  const Recognition recognition = recognise(
      read_csv("Name,Email,Financial Status,Fulfilled at,Lineitem quantity,Lineitem name,"
               "Lineitem price,Created at,Refunded Amount\n#1,a,paid,,1,Mug,9,2021-01-01,0\n"),
      std::nullopt);
  EXPECT_THAT(recognition.mapping.ignore, testing::ElementsAre("Fulfilled at"));
  EXPECT_THAT(recognition.notes,
              testing::Contains("columns that change after the sale are not kept: Fulfilled at"));
}

TEST(PropertyColumns, GiveEachColumnItsOwnName) {
  Mapping mapping;
  mapping.column(Field::kUser) = "user";
  mapping.properties = {{"colour", "Farbe"}};
  mapping.ignore = {"noise"};
  const std::vector<std::string> columns = {
      "user", "Farbe", "noise", "A b", "a_b", "event_params.page", "£"};
  std::vector<std::string> names;
  for (const auto& [name, column] : property_columns(mapping, columns)) {
    names.push_back(name + "=" + column);
  }
  EXPECT_THAT(names, testing::ElementsAre("colour=Farbe", "a_b=A b", "a_b_2=a_b",
                                          "page=event_params.page", "column=£"));
}

TEST(CheckMapping, NamesTheColumnAndWhatWasFound) {
  const std::vector<std::string> columns = {"InvoiceNumber", "StockCode", "InvoiceDate",
                                            "UnitPrice"};
  Mapping mapping;
  mapping.kind = FileKind::kOrders;
  mapping.column(Field::kOrder) = "InvoiceNo";
  mapping.time.column = "InvoiceDate";
  const auto status = check_mapping(mapping, columns);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message,
            "expected a column InvoiceNo (the order of the mapping); found: InvoiceNumber, "
            "StockCode, InvoiceDate, UnitPrice");
  EXPECT_EQ(status.error().where.column, "InvoiceNo");
  mapping.column(Field::kOrder) = "InvoiceNumber";
  const auto missing = check_mapping(mapping, columns);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().where.field, "item");
  mapping.column(Field::kItem) = "StockCode";
  mapping.column(Field::kPrice) = "UnitPrice";
  EXPECT_TRUE(check_mapping(mapping, columns).ok());
  mapping.column(Field::kCurrency) = "GBP";
  EXPECT_TRUE(check_mapping(mapping, columns).ok()) << "a constant";
  mapping.column(Field::kCurrency) = "POUNDS";
  EXPECT_FALSE(check_mapping(mapping, columns).ok());
  mapping.column(Field::kCurrency) = "";
  mapping.time.zone = "Europe/Lodnon";
  EXPECT_FALSE(check_mapping(mapping, columns).ok());
}

TEST(CheckMapping, OffersTheMappingOfOrdersWhereColumnsLookLikeThem) {
  const std::vector<std::string> columns = {"Beleg-Nr", "Wann", "Ware", "Stk-Zahl", "VK-Preis"};
  const Recognition recognition =
      recognise(read_csv("Beleg-Nr,Wann,Ware,Stk-Zahl,VK-Preis\nB-1,2021-01-13 10:00,a7,2,1.50\n"),
                std::nullopt);
  const auto status = check_mapping(recognition.mapping, columns);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().hint,
              testing::HasSubstr(R"({"kind": "orders", "order": "COLUMN", "item": "COLUMN", )"
                                 R"("price": "COLUMN", "time": {"column": "Wann")"));
  EXPECT_THAT(status.error().hint,
              testing::HasSubstr(R"(add "quantity" where a column has it (without it each is 1)"));
}

TEST(CheckMapping, RefusesEventNamesThatAreNotWellFormed) {
  const std::vector<std::string> columns = {"e", "t", "u"};
  Mapping mapping;
  mapping.event.column = "e";
  mapping.event.values = {{"x", "Not A Name"}};
  mapping.time.column = "t";
  mapping.column(Field::kUser) = "u";
  const auto status = check_mapping(mapping, columns);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message, testing::EndsWith(": Not A Name"));
}

}  // namespace
}  // namespace footfall::events
