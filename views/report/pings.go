package report

import (
	"math"

	"dhtop/dhtcore"
)

// Pings are some pings of one node and their outcomes, the document of POST /api/v1/ping.
type Pings struct {
	ID       dhtcore.ID `json:"id"`
	Addr     string     `json:"addr"`
	Sent     int        `json:"sent"`
	Answered int        `json:"answered"`
	RTTs     []*float64 `json:"rtts_ms"` // the oldest first; null without an answer
	Error    *string    `json:"error"`   // what was wrong with the last one; null if it was answered
}

// NewPings returns the JSON form of a series of pings.
func NewPings(p *dhtcore.Pings, o Options) Pings {
	out := Pings{p.ID, o.addr(p.Addr), p.Sent, p.Answered, make([]*float64, len(p.RTTs)), nullable(o.Text(p.Trouble))}
	for i, rtt := range p.RTTs {
		if rtt > 0 {
			ms := math.Ceil(float64(rtt.Microseconds())/100) / 10
			out.RTTs[i] = &ms
		}
	}
	return out
}
