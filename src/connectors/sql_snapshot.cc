#include "footfall/connectors/sql.h"

namespace footfall::connectors {

SqlData sql_data(const store::Snapshot& snapshot) {
  const store::Snapshot* const of = &snapshot;
  SqlData data;
  data.blocks = [of](store::Population population, const store::Columns& columns) {
    return of->blocks(population, columns);
  };
  data.event_count = [of](store::Population population) { return of->event_count(population); };
  data.event_name = [of](store::EventCode code) { return of->event_name(code); };
  data.item = [of](store::ItemCode code) { return of->item(code); };
  data.order = [of](store::OrderCode code) { return of->order(code); };
  data.text = [of](store::TextCode code) { return of->text(code); };
  data.property_names = snapshot.property_names();
  return data;
}

base::Result<SqlAnswer> run_sql(const store::Snapshot& snapshot, std::string_view query,
                                const SqlOptions& options) {
  return run_sql(sql_data(snapshot), query, options);
}

}  // namespace footfall::connectors
