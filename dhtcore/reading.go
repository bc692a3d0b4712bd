package dhtcore

import (
	"math"
	"time"

	"dhtop/dhtcore/crawl"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// reader reads what the figures are made of out of the parts.
type reader struct {
	vantages *vantages
	ledger   *ledger.Ledger
	store    *storeSync
	crawl    *crawl.Crawl
	lookups  *lookups
	observer *observer
	shared   *lookup.Shared
}

func (r *reader) read(now time.Time) reading {
	totals := r.ledger.Totals()
	n := reading{at: now, stats: r.vantages.stats(), requests: totals.Requests, hashes: uint64(totals.Hashes),
		lookups: r.lookups.begun.Load(), found: r.observer.found.Load(), crawled: r.crawl.New(),
		size: r.shared.NetworkSize(r.vantages.mainFamily()).Nodes, store: float64(r.store.bytes.Load()),
		memory: memoryInUse(), goroutines: goroutines(), blocked: float64(len(r.vantages.blocked(now))),
		limit: r.vantages.limits().Packets, good: [wire.Families]float64{math.NaN(), math.NaN()}}
	var details node.MethodDetails
	r.vantages.details(&details)
	for i := range details {
		n.rtt.Add(&details[i].RTT)
	}
	for _, v := range r.vantages.list {
		good, _, _ := v.Count(now)
		if math.IsNaN(n.good[v.family]) {
			n.good[v.family] = 0
		}
		n.good[v.family] += float64(good)
	}
	return n
}
