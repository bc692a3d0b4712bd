package metrics

import (
	"strconv"

	"dhtop/dhtcore"
)

// trafficMetrics are what passes the sockets.
var trafficMetrics = []metric{
	{"dhtop_packets_total", "Packets of the DHT.", "counter", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Traffic.PacketsIn), "direction", "in")
		w.put(float64(s.Traffic.PacketsOut), "direction", "out")
	}},
	{"dhtop_bytes_total", "Bytes of the packets of the DHT, without headers of UDP and IP.", "counter", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Traffic.BytesIn), "direction", "in")
		w.put(float64(s.Traffic.BytesOut), "direction", "out")
	}},
	{"dhtop_queries_total", "Queries: those of others that came in, and ours that went out.", "counter", func(s *dhtcore.Snapshot, w *sampleWriter) {
		eachMethod(s, func(method string, m *dhtcore.MethodStats, _ *dhtcore.MethodDetail) {
			w.put(float64(m.In), "direction", "in", "method", method)
			w.put(float64(m.Out), "direction", "out", "method", method)
		})
	}},
	{"dhtop_query_outcomes_total", "What came of our queries.", "counter", func(s *dhtcore.Snapshot, w *sampleWriter) {
		eachMethod(s, func(method string, m *dhtcore.MethodStats, _ *dhtcore.MethodDetail) {
			w.put(float64(m.RepliesIn), "method", method, "outcome", "replied")
			w.put(float64(m.ErrorsIn), "method", method, "outcome", "refused")
			w.put(float64(m.TimedOut), "method", method, "outcome", "timed_out")
		})
	}},
	{"dhtop_answers_total", "What came of the queries of others.", "counter", func(s *dhtcore.Snapshot, w *sampleWriter) {
		eachMethod(s, func(method string, m *dhtcore.MethodStats, d *dhtcore.MethodDetail) {
			w.put(float64(m.RepliesOut), "method", method, "outcome", "answered")
			w.put(float64(m.ErrorsOut), "method", method, "outcome", "declined")
			w.put(float64(d.Unanswered), "method", method, "outcome", "dropped")
		})
	}},
	{"dhtop_reply_seconds", "Time from our query to its reply; the sum is estimated.", "histogram", func(s *dhtcore.Snapshot, w *sampleWriter) {
		eachMethod(s, func(method string, _ *dhtcore.MethodStats, d *dhtcore.MethodDetail) { replyTimes(w, method, d) })
	}},
	{"dhtop_dropped_packets_total", "Packets that were dropped, by reason.", "counter", func(s *dhtcore.Snapshot, w *sampleWriter) {
		t := &s.Traffic
		for _, r := range []struct {
			name string
			n    uint64
		}{{"malformed", t.Malformed}, {"unsolicited", t.Unsolicited}, {"ignored", t.Ignored}, {"flooded", t.Flooded}, {"over_budget", t.OverBudget},
			{"unchecked", t.Unchecked}, {"kernel", t.KernelDrops}, {"send_failed", t.SendFailed}} {
			w.put(float64(r.n), "reason", r.name)
		}
	}},
	{"dhtop_blocked_sources", "Sources that flood this node now.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(len(s.Traffic.Blocked)))
	}},
	{"dhtop_limit", "Limits in force, a second, destinations a minute; 0 for none.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		putLimits(w, &s.Traffic.Limits)
		w.put(s.Traffic.Limits.InboundPerSource, "of", "inbound_per_ip")
	}},
	{"dhtop_limit_used", "How much of each limit is in use.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		putLimits(w, &s.Traffic.Used)
	}},
}

func putLimits(w *sampleWriter, l *dhtcore.Limits) {
	w.put(l.Packets, "of", "packets")
	w.put(l.Bytes, "of", "bytes")
	w.put(l.New, "of", "new_destinations")
	w.put(l.Inbound, "of", "inbound")
	w.put(l.InboundBytes, "of", "inbound_bytes")
}

// eachMethod calls do for each method of the DHT.
func eachMethod(s *dhtcore.Snapshot, do func(method string, m *dhtcore.MethodStats, d *dhtcore.MethodDetail)) {
	for m := range s.Traffic.Methods {
		do(dhtcore.Method(m).String(), &s.Traffic.Methods[m], &s.Traffic.Details[m])
	}
}

// bucketsEach is how many buckets of ours make one of the metric: an octave. The first six octaves, up to 4 ms, are one.
const (
	bucketsEach = 4
	bucketsLeft = 1 + 6*bucketsEach
)

// replyTimes writes the histogram of one method.
func replyTimes(w *sampleWriter, method string, d *dhtcore.MethodDetail) {
	count, sum := uint64(0), 0.0
	for i, n := range d.RTT {
		if i >= bucketsLeft && (i-bucketsLeft)%bucketsEach == 0 {
			le := strconv.FormatFloat(dhtcore.RTTBound(i).Seconds(), 'g', -1, 64)
			w.putAs("_bucket", float64(count), "method", method, "le", le)
		}
		count += n
		sum += float64(n) * (dhtcore.RTTBound(i) + dhtcore.RTTBound(min(i+1, dhtcore.RTTBuckets-1))).Seconds() / 2
	}
	w.putAs("_bucket", float64(count), "method", method, "le", "+Inf")
	w.putAs("_sum", sum, "method", method)
	w.putAs("_count", float64(count), "method", method)
}
