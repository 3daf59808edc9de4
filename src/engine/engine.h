// Engine: the front door. Six verbs, one JSON document in and one out for each.
//
// The terminal, HTTP and Python speak to Footfall through this header alone. The engine owns
// threads, configuration and the opened shop; it takes the clock's reading from its caller.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "footfall/base/progress.h"
#include "footfall/base/result.h"
#include "footfall/base/time.h"
#include "footfall/engine/json.h"

namespace footfall::engine {

enum class Access : unsigned char { kRead, kWrite };

struct EngineOptions {
  std::string shop;      // Folder.
  std::string key_file;  // "" = SHOP/key.
  std::size_t threads = 1;
  base::TimeMs now = 0;                // The clock, read once by the caller.
  base::Progress* progress = nullptr;  // null = silent.
};

/// The documents are described in docs/documents.md.
class Engine {
 public:
  /// kNotFound names `footfall init`; kBusy names the process that writes.
  static base::Result<std::unique_ptr<Engine>> open(const EngineOptions& options, Access access);
  ~Engine();

  /// {zone, currency, week_start} -> {shop, zone, currency, week_start, key_file}.
  static base::Result<Json> init(const EngineOptions& options, const Json& request);
  static base::Result<Json> restore(const EngineOptions& options, const Json& request);

  /// {files, as, map, dry_run, consent, complete_to, known_at, undo, quarantine, drop}.
  base::Result<Json> collect(const Json& request);
  base::Result<Json> ask(const Json& request);      // {question, ...}
  base::Result<Json> sql(const Json& request);      // {query, limit}
  base::Result<Json> learn(const Json& request);    // {models, seed, budget}
  base::Result<Json> decide(const Json& request);   // {kind, user | item | basket, k}
  base::Result<Json> explain(const Json& request);  // {id}
  base::Result<Json> status();
  /// Also of a shop that open() refuses as kDamaged: {ok, damage} and, where it opens, snapshot.
  static base::Result<Json> verify(const EngineOptions& options);
  base::Result<Json> backup(const Json& request);  // {destination, with_key}
  base::Result<Json> compact();

 private:
  struct State;
  explicit Engine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace footfall::engine
