#include "scenario.hpp"

#include <boost/test/unit_test.hpp>

namespace foliot::testing {
namespace {

constexpr int kTries = 4;
constexpr std::size_t kWalLimit = 96UL << 10;  // emptied several times on the way

store::Planner planned(Occasion occasion) {
    return [occasion](const DueJob& due, Micros now, Micros awake) { return plan(due, now, awake, occasion); };
}

}  // namespace

void Scenario::open() {
    for (int i = 0; i < kTries; ++i) {
        try {
            store_.reset();
            store_ = store::open_sqlite({folder_ / "foliot.db", kWalLimit}, clock_);
            fence_ = store_->join({"node", "boot"});
            // Runs that had ended say so; nothing else is proven.
            store_->recover(
                fence_,
                [&](RunId run, std::int64_t claim) {
                    const auto books = this->books();
                    const auto found = books.runs.find(raw(run));
                    if (found == books.runs.end() || found->second.claim != claim) {
                        return store::LedgerEntry{store::LedgerSays::not_started, {}, 0, 0};
                    }
                    return store::LedgerEntry{store::LedgerSays::started, {}, clock_.now(), 0};
                },
                false);
            return;
        } catch (const std::runtime_error&) {  // as it does when the server is started again
        }
    }
    throw GaveUp{};
}

/// Its end is unknown, so the server starts again and judges what it finds.
void Scenario::crash() {
    set_fates(Fate::unknown);
    inbox_.clear();
    accepted_.clear();
    working_.clear();
    note([](Books& books) {
        for (auto& [id, run] : books.runs) {
            if (run.ended == Fate::undone) run.ended = Fate::unknown;
        }
    });
    open();
}

void Scenario::set_fates(Fate fate) {
    note([&](Books& books) {
        for (const auto& end : inbox_) books.runs.at(raw(end.run)).ended = fate;
    });
}

store::Finished Scenario::end_of(const store::Assigned& run) {
    store::Finished end;
    end.run = run.run;
    end.claim = run.claim;
    end.ended = clock_.now();
    const int n = ended_++;
    end.verdict.state = n % 3 == 0 ? RunState::failed : RunState::succeeded;
    if (n % 3 == 0) {
        end.verdict.reason = "test";
        if (run.attempt < 3) end.next = NextAttempt{clock_.now() + kSecond, true};
    }
    if (n % 4 == 1) end.verdict.result = '"' + std::string(6'000, 'r') + '"';
    if (n % 4 == 2) end.output.push_back({Stream::out, clock_.now(), std::string(9'000, 'o')});
    note([&](Books& books) {
        auto& book = books.runs.at(raw(run.run));
        book.as = end.verdict.state;
        book.again = end.next.has_value();
    });
    return end;
}

store::TurnIn Scenario::next_turn() const {
    store::TurnIn in;
    in.finished = inbox_;
    for (auto late : accepted_) {
        late.verdict.state = RunState::stopped;
        late.verdict.reason = "late";
        in.finished.push_back(std::move(late));
    }
    for (const auto& run : working_) in.started.push_back({run.run, run.claim, 7, clock_.now()});
    in.room.any = 4;
    return in;
}

void Scenario::turn_returned(const store::TurnIn& in, const store::TurnOut& out) {
    BOOST_TEST(out.fenced_off.size() == in.finished.size() - inbox_.size(), "a run ended twice, or could not end");
    set_fates(Fate::done);
    accepted_ = std::move(inbox_);
    inbox_.clear();
    note([&](Books& books) {
        for (const auto& run : out.assigned) {
            BOOST_TEST(books.claims.insert(run.claim).second, "claim " << run.claim << " was given out twice");
            books.runs[raw(run.run)] = {run.claim, Fate::undone, RunState::succeeded, false};
        }
    });
    working_.insert(working_.end(), out.assigned.begin(), out.assigned.end());
}

void Scenario::tick() {
    clock_.advance(kSecond);
    const std::size_t half = (working_.size() + 1) / 2;
    for (std::size_t i = 0; i < half; ++i) inbox_.push_back(end_of(working_[i]));
    working_.erase(working_.begin(), working_.begin() + static_cast<std::ptrdiff_t>(half));
    const store::TurnIn in = next_turn();
    set_fates(Fate::unknown);
    try {
        turn_returned(in, store_->turn(fence_, in, planned(Occasion::claim)));
    } catch (const store::StoreUnavailable&) {
        set_fates(Fate::undone);
    } catch (const store::CommitUnknown&) {
        crash();
    }
}

void Scenario::unit(const std::string& name, const std::function<void(store::Tx&)>& body) {
    note([&](Books& books) { books.units[name] = Fate::unknown; });
    const auto fate = [&](Fate told) { note([&](Books& books) { books.units[name] = told; }); };
    try {
        store_->write(store::Store::Class::api, [&](store::Tx& tx) {
            tx.settings().set(name, "1");
            body(tx);
            tx.audit({.actor = "me", .via = "test", .event = "did", .kind = "unit", .ref = name});
        });
        fate(Fate::done);
    } catch (const store::StoreUnavailable&) {
        fate(Fate::undone);
    } catch (const store::Refused&) {
        fate(Fate::undone);
    } catch (const store::CommitUnknown&) {  // stays so
    }
}

void Scenario::put(const std::string& id, const std::function<void(Definition&)>& change) {
    store::JobWrite write;
    write.id = id;
    write.def.name = id;
    write.def.func = {"module", "function"};
    write.def.trigger = trigger::Interval{kSecond, clock_.now() + kSecond, {}, 0};
    write.def.max_instances = 3;
    change(write.def);
    write.arming = arm(write.def.trigger, clock_.now());
    unit("put " + id, [&](store::Tx& tx) { tx.put_job(write, store::ExpectedRev::absent()); });
}

void Scenario::settled(const std::string& name, const std::string& id, Occasion occasion,
                       const std::function<void(store::Tx&, const Job&)>& body) {
    unit(name, [&](store::Tx& tx) {
        const auto job = tx.job(id);
        if (!job) throw store::Refused(store::Refused::Why::missing, "no job " + id);
        tx.settle(job->state.key, planned(occasion));
        body(tx, tx.job(id).value_or(*job));  // a job that is being deleted is gone by now
    });
}

void Scenario::look() {
    try {
        const auto seen = store_->read();
        for (const auto& job : seen->jobs({}).items) {
            store::RunFilter filter;
            filter.job = job.state.key;
            (void)seen->runs(filter);
            (void)seen->fires_accounted(job.state.key);
        }
        (void)seen->audit({});
    } catch (const store::StoreUnavailable&) {  // nothing to keep
    }
}

void Scenario::prune() {
    note([](Books& books) { books.pruned = true; });
    try {
        for (bool more = true; more;) more = store_->prune({.max_rows = 30, .max_rows_per_job = 12}).more;
    } catch (const store::StoreUnavailable&) {
    } catch (const store::CommitUnknown&) {}
}

void Scenario::act(int tick) {
    const auto run_by_hand = [](store::Tx& tx, const Job& job) { tx.run_now(job.state.key, {"[1]", {}, {}}); };
    settled("run " + std::to_string(tick), "a", Occasion::edit, run_by_hand);
    if (tick == 1) {
        settled("edit b", "b", Occasion::edit, [](store::Tx& tx, const Job& job) {
            Definition def = job.definition;
            def.description = std::string(3'000, 'd');
            tx.put_job({job.state.id, def, {}, false, 1}, store::ExpectedRev::exact(job.state.rev));
        });
    }
    if (tick == 2) settled("pause c", "c", Occasion::edit, [](auto& tx, auto& job) { tx.pause(job.state.key); });
    if (tick == 4) {
        settled("resume c", "c", Occasion::resume, [&](store::Tx& tx, const Job& job) {
            tx.resume(job.state.key, arm(job.definition.trigger, clock_.now()));
        });
    }
    if (tick == 3) put("late");
    if (tick == 5) settled("delete d", "d", Occasion::remove, [](auto& tx, auto& job) { tx.remove(job.state.key); });
    if (tick == 6) prune();
    look();
}

bool Scenario::run() {
    try {
        open();
        put("a");
        put("b", [](Definition& def) { def.coalesce = false; });
        put("c", [](Definition& def) { def.max_instances = 1; });
        put("d");
        for (int i = 0; i < 8; ++i) {
            tick();
            act(i);
        }
        crash();
        tick();
        tick();
        store_.reset();
        return true;
    } catch (const GaveUp&) {
        store_.reset();
        return false;
    }
}

}  // namespace foliot::testing
