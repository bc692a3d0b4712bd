package dhtcore

import (
	"math"
	"runtime"
	"runtime/metrics"
	"time"

	"dhtop/dhtcore/crawl"
	"dhtop/dhtcore/history"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// The history under the names that views and ui know it by.
type (
	History       = history.History
	HistorySample = history.Sample
	Mark          = history.Mark
	Figure        = history.Figure
	FigureInfo    = history.FigureInfo
)

// What the history keeps.
const (
	HistoryStep    = history.Step       // between two samples
	HistorySamples = history.MaxSamples // a day of them
	FigureCount    = history.FigureCount
)

// Figures are those that the history keeps.
var Figures = history.Figures

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

func (r *reader) read(now time.Time) history.Reading {
	totals := r.ledger.Totals()
	n := history.Reading{At: now, Stats: r.vantages.stats(), Requests: totals.Requests, Hashes: uint64(totals.Hashes),
		Lookups: r.lookups.begun.Load(), Found: r.observer.found.Load(), Crawled: r.crawl.New(),
		Size: r.shared.NetworkSize(r.vantages.mainFamily()).Nodes, Store: float64(r.store.bytes.Load()),
		Memory: memoryInUse(), Goroutines: goroutines(), Blocked: float64(len(r.vantages.blocked(now))),
		Limit: r.vantages.limits().Packets, Good: [wire.Families]float64{math.NaN(), math.NaN()}}
	var details node.MethodDetails
	r.vantages.details(&details)
	for i := range details {
		n.RTT.Add(&details[i].RTT)
	}
	for _, v := range r.vantages.list {
		good, _, _ := v.Count(now)
		if math.IsNaN(n.Good[v.family]) {
			n.Good[v.family] = 0
		}
		n.Good[v.family] += float64(good)
	}
	return n
}

// memoryInUse is what the program has from the system, in bytes.
func memoryInUse() float64 {
	m := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(m)
	return float64(m[0].Value.Uint64()) - float64(m[1].Value.Uint64())
}

func goroutines() float64 { return float64(runtime.NumGoroutine()) }
