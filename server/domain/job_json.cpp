#include "base/json.hpp"
#include "base/stored_object.hpp"
#include "domain/job.hpp"

#include <array>
#include <limits>

namespace foliot {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

constexpr std::array<std::string_view, 3> kOverlaps{"skip", "queue", "replace"};
constexpr std::array<std::string_view, 3> kMisfires{"once", "all", "skip"};
constexpr std::array<std::string_view, 2> kIsolations{"warm", "fresh"};

template <class Enum, std::size_t N>
std::string_view word(const std::array<std::string_view, N>& words, Enum value) {
    return words.at(static_cast<std::size_t>(value));
}

/// Writes a field only when it differs from what a fresh Definition has.
class DefinitionWriter {
  public:
    explicit DefinitionWriter(const Definition& definition) : d_(definition) {}

    std::string write() {
        out_.begin_object().field("name", d_.name).field("func", d_.func.text());
        out_.raw_field("args", d_.args)
            .raw_field("kwargs", d_.kwargs)
            .raw_field("trigger", trigger::to_json(d_.trigger));
        if (d_.misfire_grace != fresh_.misfire_grace) out_.field("misfire_grace", d_.misfire_grace);
        changed("coalesce", d_.coalesce, fresh_.coalesce);
        if (d_.misfire != fresh_.misfire) out_.field("misfire", word(kMisfires, d_.misfire));
        changed("max_instances", d_.max_instances, fresh_.max_instances);
        if (d_.overlap != fresh_.overlap) out_.field("overlap", word(kOverlaps, d_.overlap));
        changed("max_queued", d_.max_queued, fresh_.max_queued);
        changed("timeout", d_.timeout, fresh_.timeout);
        changed("deadline", d_.deadline, fresh_.deadline);
        changed("jitter", d_.jitter, fresh_.jitter);
        retry();
        changed("priority", d_.priority, fresh_.priority);
        if (d_.isolation != fresh_.isolation) out_.field("isolation", word(kIsolations, d_.isolation));
        if (d_.limits != fresh_.limits) out_.raw_field("limits", to_json(d_.limits));
        if (d_.max_runs) out_.field("max_runs", *d_.max_runs);
        changed("description", d_.description, fresh_.description);
        tags();
        out_.end_object();
        return out_.take();
    }

  private:
    template <class T>
    void changed(std::string_view name, const T& value, const T& usual) {
        if (value != usual) out_.field(name, value);
    }
    void tags() {
        if (d_.tags.empty()) return;
        out_.key("tags").begin_array();
        for (const std::string& tag : d_.tags) out_.value(tag);
        out_.end_array();
    }
    void retry() {
        if (d_.retry == fresh_.retry) return;
        out_.key("retry").begin_object().field("max_retries", d_.retry.max_retries).field("delay", d_.retry.delay);
        out_.field("factor", d_.retry.factor).field("max_delay", d_.retry.max_delay).end_object();
    }

    const Definition& d_;
    const Definition fresh_;
    json::Writer out_;
};

template <class Enum, std::size_t N>
void read_word(json::StoredObject& stored, std::string_view name, const std::array<std::string_view, N>& words,
               Enum& into) {
    const auto found = stored.text(name);
    if (!found) return;
    for (std::size_t i = 0; i < N; ++i) {
        if (words[i] == *found) {
            into = static_cast<Enum>(i);
            return;
        }
    }
    stored.corrupt("'" + std::string(name) + "' is '" + *found + "'");
}

void read_int(json::StoredObject& stored, std::string_view name, std::int64_t low, std::int64_t high, int& into) {
    into = static_cast<int>(stored.integer(name, low, high).value_or(into));
}

std::string read_raw(json::StoredObject& stored, std::string_view name, json::Kind kind) {
    const json::Value* value = stored.find(name, kind);
    if (value == nullptr) stored.corrupt("'" + std::string(name) + "' is missing");
    return std::string(value->raw);
}

RetryPolicy read_retry(const json::Value& value) {
    json::StoredObject stored(value, "retry policy");
    RetryPolicy retry;
    read_int(stored, "max_retries", 0, std::numeric_limits<int>::max(), retry.max_retries);
    retry.delay = stored.integer("delay", 0, kMax).value_or(retry.delay);
    retry.factor = stored.number("factor").value_or(retry.factor);
    retry.max_delay = stored.integer("max_delay", 0, kMax).value_or(retry.max_delay);
    stored.finish();
    return retry;
}

void read_what(json::StoredObject& stored, Definition& d) {
    d.name = stored.required(stored.text("name"), "name");
    const std::string func = stored.required(stored.text("func"), "func");
    const auto ref = parse_func(func);
    if (!ref) stored.corrupt("'func' is '" + func + "'");
    d.func = *ref;
    d.args = read_raw(stored, "args", json::Kind::array);
    d.kwargs = read_raw(stored, "kwargs", json::Kind::object);
    const json::Value* when = stored.find("trigger");
    if (when == nullptr) stored.corrupt("'trigger' is missing");
    d.trigger = trigger::from_json(*when);
    d.description = stored.text("description").value_or("");
}

void read_tags(json::StoredObject& stored, Definition& d) {
    const json::Value* tags = stored.find("tags", json::Kind::array);
    if (tags == nullptr) return;
    for (const json::Value& tag : tags->items) {
        if (!tag.is(json::Kind::string)) stored.corrupt("'tags' has what is no text");
        if (!d.tags.empty() && tag.string <= d.tags.back()) stored.corrupt("'tags' are not in order");
        d.tags.push_back(tag.string);
    }
}

void read_rules(json::StoredObject& stored, Definition& d) {
    if (const json::Value* grace = stored.find("misfire_grace")) {
        if (!grace->is(json::Kind::null) && !grace->is(json::Kind::integer))
            stored.corrupt("'misfire_grace' is no integer");
        d.misfire_grace = grace->is(json::Kind::null) ? std::nullopt : std::optional(grace->integer);
    }
    d.coalesce = stored.boolean("coalesce").value_or(d.coalesce);
    read_word(stored, "misfire", kMisfires, d.misfire);
    read_int(stored, "max_instances", 1, std::numeric_limits<int>::max(), d.max_instances);
    read_word(stored, "overlap", kOverlaps, d.overlap);
    read_int(stored, "max_queued", 0, std::numeric_limits<int>::max(), d.max_queued);
    d.timeout = stored.integer("timeout", 0, kMax).value_or(d.timeout);
    d.deadline = stored.integer("deadline", 0, kMax).value_or(d.deadline);
    d.jitter = stored.integer("jitter", 0, kMax).value_or(d.jitter);
    if (const json::Value* retry = stored.find("retry")) d.retry = read_retry(*retry);
    read_int(stored, "priority", 0, 9, d.priority);
    read_word(stored, "isolation", kIsolations, d.isolation);
    if (const json::Value* limits = stored.find("limits", json::Kind::object)) d.limits = limits_from_json(limits->raw);
    d.max_runs = stored.integer("max_runs", 0, kMax);
}

}  // namespace

std::string to_json(const Definition& definition) { return DefinitionWriter(definition).write(); }

Definition definition_from_json(std::string_view text) {
    const json::Value value = json::parse(text);
    json::StoredObject stored(value, "definition");
    Definition definition;
    read_what(stored, definition);
    read_rules(stored, definition);
    read_tags(stored, definition);
    stored.finish();
    return definition;
}

}  // namespace foliot
