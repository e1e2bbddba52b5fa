#include "api/ndscheduler/event_stream.hpp"

#include "api/ndscheduler/answers.hpp"
#include "api/ndscheduler/job_json.hpp"
#include "base/error.hpp"
#include "service/words.hpp"

#include <utility>

namespace foliot::api::ndscheduler {
namespace {

/// `data` has no line break: it is JSON on one line.
std::string event(std::string_view name, std::string_view id, std::string_view data) {
    std::string text;
    text.append("event: ").append(name).append("\nid: ").append(id).append("\ndata: ").append(data).append("\n\n");
    return text;
}

std::string small_execution(const store::RunView& run, const ExecutionStyle& style) {
    json::Writer writer = new_writer();
    writer.begin_object().field("execution_id", style.public_id(run.id)).field("state", wire_name(run.state));
    writer.key("job").begin_object().field("job_id", run.job_id).end_object();
    return writer.field("truncated", true).end_object().take();
}

/// Escaped, a text may be six times as long as it was; what is large anyway is not even written.
std::string execution_data(const store::RunView& run, const ExecutionStyle& style) {
    const std::string& args = run.args ? *run.args : run.def->args;
    const std::string& kwargs = run.kwargs ? *run.kwargs : run.def->kwargs;
    const std::size_t texts = run.error.size() + (run.result ? run.result->size() : 0) + args.size() + kwargs.size();
    if (texts > kLargestEvent) return small_execution(run, style);
    json::Writer writer = new_writer();
    write_execution(writer, run, style);
    return writer.text().size() > kLargestEvent ? small_execution(run, style) : writer.take();
}

std::string small_job(const Job& job) {
    json::Writer writer = new_writer();
    writer.begin_object().field("job_id", job.state.id).field("state", service::name_of(job.state.status));
    return writer.field("truncated", true).end_object().take();
}

std::string job_data(const Job& job) {
    if (job.definition.args.size() + job.definition.kwargs.size() > kLargestEvent) return small_job(job);
    json::Writer writer = new_writer();
    write_job(writer, job);
    return writer.text().size() > kLargestEvent ? small_job(job) : writer.take();
}

std::string gone_data(const std::string& job_id) {
    return new_writer().begin_object().field("job_id", job_id).field("deleted", true).end_object().take();
}

std::string module_data(const store::ModuleRecord& module) {
    json::Writer writer = new_writer();
    writer.begin_object().field("name", module.name).field("version", module.version).field("status", module.status);
    writer.field("problem", module.problem.empty() ? std::nullopt : std::optional(module.problem));
    return writer.field("path", module.path).end_object().take();
}

class EventStream final : public StreamedBody {
  public:
    EventStream(std::unique_ptr<service::Watcher> watcher, ExecutionStyle style)
        : watcher_(std::move(watcher)), style_(std::move(style)) {}

    Then next(std::string& bytes) override {
        try {
            const std::string position = watcher_->position();
            const auto sights = watcher_->next();
            if (std::exchange(begins_, false)) {
                bytes += "retry: 2000\n";
                if (sights) bytes += event("hello", position, "{}");
            }
            if (!sights) bytes += event("reset", watcher_->position(), "{}");
            if (sights) add(*sights, bytes);
            return watcher_->has_more() ? Then::at_once : Then::on_news;
        } catch (const RequestError&) {  // the store is busy or away; what changed is told later
            return Then::later;
        }
    }
    int news() const override { return watcher_->news(); }
    /// So that who saw nothing for long still knows where to go on.
    std::string heartbeat() const override { return ":\nid: " + watcher_->position() + "\n\n"; }

  private:
    void add(const std::vector<service::Sight>& sights, std::string& bytes) const {
        for (const service::Sight& sight : sights) {
            if (sight.run) bytes += event("execution", sight.id, execution_data(*sight.run, style_));
            if (sight.job) bytes += event("job", sight.id, job_data(*sight.job));
            if (sight.module) bytes += event("module", sight.id, module_data(*sight.module));
            if (sight.gone_job) bytes += event("job", sight.id, gone_data(*sight.gone_job));
        }
    }

    const std::unique_ptr<service::Watcher> watcher_;
    const ExecutionStyle style_;
    bool begins_ = true;
};

}  // namespace

std::shared_ptr<StreamedBody> event_stream(std::unique_ptr<service::Watcher> watcher, const ExecutionStyle& style) {
    return std::make_shared<EventStream>(std::move(watcher), style);
}

}  // namespace foliot::api::ndscheduler
