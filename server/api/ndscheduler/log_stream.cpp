#include "api/ndscheduler/log_stream.hpp"

#include "base/error.hpp"

namespace foliot::api::ndscheduler {
namespace {

class LogStream final : public StreamedBody {
  public:
    LogStream(const service::Following& following, const OutputQuery& query) : following_(following), writer_(query) {}

    Then next(std::string& bytes) override {
        std::vector<OutputChunk> chunks;
        const Then then = look(chunks);
        for (const OutputChunk& chunk : chunks) writer_.write(chunk, bytes);
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
    OutputWriter writer_;
};

}  // namespace

std::shared_ptr<StreamedBody> log_stream(const service::Following& following, const OutputQuery& query) {
    return std::make_shared<LogStream>(following, query);
}

}  // namespace foliot::api::ndscheduler
