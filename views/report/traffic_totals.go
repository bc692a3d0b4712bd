package report

import "dhtop/dhtcore"

// Traffic is what passed the sockets since the start, and how fast now.
type Traffic struct {
	PacketsIn   uint64   `json:"packets_in"`
	PacketsOut  uint64   `json:"packets_out"`
	BytesIn     uint64   `json:"bytes_in"`
	BytesOut    uint64   `json:"bytes_out"`
	InRate      float64  `json:"packets_in_per_second"`
	OutRate     float64  `json:"packets_out_per_second"`
	QueriesOut  uint64   `json:"queries_out"` // ours, and what came of them
	RepliesIn   uint64   `json:"replies_in"`
	ErrorsIn    uint64   `json:"errors_in"`
	TimedOut    uint64   `json:"timeouts"`
	Malformed   uint64   `json:"malformed"`
	Unsolicited uint64   `json:"unsolicited"`
	Ignored     uint64   `json:"ignored"` // queries without an answer: read-only, or no usable source
	Flooded     uint64   `json:"flooded"` // packets of sources that send too many
	OverBudget  uint64   `json:"over_budget"`
	KernelDrops uint64   `json:"kernel_drops"`
	SendFailed  uint64   `json:"send_failed"`
	Blocked     int      `json:"blocked"` // sources that flood now
	Limits      Limits   `json:"limits"`
	Used        Limits   `json:"used"`
	Methods     []Method `json:"methods"`
}

// Limits are bounds of what the node does, or how much of them is in use: a second, new_destinations a minute. In
// bounds, 0 is for no limit.
type Limits struct {
	Packets          float64 `json:"packets"`
	Bytes            float64 `json:"bytes"`
	New              float64 `json:"new_destinations"`
	Inbound          float64 `json:"inbound"`
	InboundBytes     float64 `json:"inbound_bytes"`
	InboundPerSource float64 `json:"inbound_per_ip"`
}

// NewLimits returns the JSON form of limits.
func NewLimits(l dhtcore.Limits) Limits {
	return Limits{l.Packets, l.Bytes, l.New, l.Inbound, l.InboundBytes, l.InboundPerSource}
}

func newTraffic(s *dhtcore.Snapshot) Traffic {
	t := &s.Traffic
	methods := make([]dhtcore.Method, 0, len(t.Methods))
	for m := range t.Methods {
		methods = append(methods, dhtcore.Method(m))
	}
	return Traffic{PacketsIn: t.PacketsIn, PacketsOut: t.PacketsOut, BytesIn: t.BytesIn, BytesOut: t.BytesOut, InRate: t.InRate, OutRate: t.OutRate,
		QueriesOut: t.QueriesOut, RepliesIn: t.RepliesIn, ErrorsIn: t.ErrorsIn, TimedOut: t.TimedOut, Malformed: t.Malformed,
		Unsolicited: t.Unsolicited, Ignored: t.Ignored, Flooded: t.Flooded, OverBudget: t.OverBudget, KernelDrops: t.KernelDrops,
		SendFailed: t.SendFailed, Blocked: len(t.Blocked), Limits: NewLimits(t.Limits), Used: NewLimits(t.Used), Methods: NewMethods(t, methods)}
}
