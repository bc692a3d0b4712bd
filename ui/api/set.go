package api

import (
	"math"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// crawlCommand is what POST /api/v1/crawl takes, and answers.
type crawlCommand struct {
	Running *bool `json:"running"`
}

// setCrawl starts or stops the crawl.
func setCrawl(c *call) (status int, document any) {
	var order crawlCommand
	if err := c.decode(&order); err != nil {
		return fail(err)
	}
	if order.Running == nil {
		return fail(badParam("running", "running is missing: pass true or false"))
	}
	c.explorer.SetCrawl(*order.Running)
	return found(order)
}

// rates is what POST /api/v1/rates takes: the limits to change, as /api/v1/stats has them; 0 lifts one.
type rates struct {
	Packets          *float64 `json:"packets,omitempty"`
	Bytes            *float64 `json:"bytes,omitempty"`
	New              *float64 `json:"new_destinations,omitempty"`
	Inbound          *float64 `json:"inbound,omitempty"`
	InboundBytes     *float64 `json:"inbound_bytes,omitempty"`
	InboundPerSource *float64 `json:"inbound_per_ip,omitempty"`
}

// setRates changes the limits in force, and answers with all of them.
func setRates(c *call) (status int, document any) {
	var order rates
	if err := c.decode(&order); err != nil {
		return fail(err)
	}
	limits := c.explorer.Snapshot().Traffic.Limits
	if err := order.apply(&limits); err != nil {
		return fail(err)
	}
	c.explorer.SetLimits(limits)
	return found(report.NewLimits(limits))
}

// apply changes limits.
func (r *rates) apply(l *dhtcore.Limits) error {
	changed := false
	for _, one := range []struct {
		name string
		from *float64
		to   *float64
	}{
		{"packets", r.Packets, &l.Packets}, {"bytes", r.Bytes, &l.Bytes}, {"new_destinations", r.New, &l.New},
		{"inbound", r.Inbound, &l.Inbound}, {"inbound_bytes", r.InboundBytes, &l.InboundBytes}, {"inbound_per_ip", r.InboundPerSource, &l.InboundPerSource},
	} {
		switch {
		case one.from == nil:
			continue
		case *one.from < 0 || *one.from > math.MaxInt32:
			return badParam(one.name, "%s: want a number of at least 0, which lifts the limit", one.name)
		}
		*one.to, changed = *one.from, true
	}
	if !changed {
		return badParam("packets", "nothing to change: pass packets, bytes, new_destinations, inbound, inbound_bytes or inbound_per_ip")
	}
	return nil
}
