#include "api/ndscheduler/log_stream.hpp"

#include "base/error.hpp"
#include "base/time_text.hpp"

namespace foliot::api::ndscheduler {
namespace {

class LogStream final : public StreamedBody {
  public:
    explicit LogStream(const service::Following& following) : following_(following) {}

    Then next(std::string& bytes) override {
        std::vector<OutputChunk> chunks;
        const Then then = look(chunks);
        bytes += log_text(chunks);
        return then;
    }

  private:
    Then look(std::vector<OutputChunk>& chunks) {
        using service::Following;
        try {
            switch (following_.next(chunks)) {
                case Following::Then::look_again: return Then::at_once;
                case Following::Then::look_later: return Then::later;
                case Following::Then::ended: break;
            }
            return Then::ended;
        } catch (const RequestError&) {  // the store is busy or away: the run goes on
            return Then::later;
        }
    }

    service::Following following_;
};

}  // namespace

std::string log_text(const std::vector<OutputChunk>& chunks) {
    std::string text;
    for (const OutputChunk& chunk : chunks) {
        if (chunk.stream == Stream::log) text += iso_time(chunk.at) + ' ';
        text += chunk.data;
        const bool open_line = chunk.stream == Stream::log && !chunk.data.ends_with('\n');
        if (open_line) text += '\n';
    }
    return text;
}

std::shared_ptr<StreamedBody> log_stream(const service::Following& following) {
    return std::make_shared<LogStream>(following);
}

std::vector<QueryParameter> log_query_parameters() {
    return {{"follow", Schema::word({"0", "1"}), "1: goes on with what it writes until it has ended"}};
}

}  // namespace foliot::api::ndscheduler
