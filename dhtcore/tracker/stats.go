package tracker

import (
	"sync/atomic"
	"time"
)

// counters count what the tracker did.
type counters struct {
	announcesHTTP, announcesUDP, scrapesHTTP, scrapesUDP, connects, badIDs, ignored, started, stopped, completed atomic.Uint64

	refusedHTTP, refusedUDP refusals
}

func (c *counters) announces() uint64 { return c.announcesHTTP.Load() + c.announcesUDP.Load() }

// announced counts an accepted announce.
func (t *Tracker) announced(r *Request, overHTTP bool) {
	c := &t.counters
	if overHTTP {
		c.announcesHTTP.Add(1)
	} else {
		c.announcesUDP.Add(1)
	}
	c.event(r.Event)
	t.clients.count(&r.PeerID)
}

// event counts the event of an accepted announce.
func (c *counters) event(e Event) {
	switch e {
	case Started:
		c.started.Add(1)
	case Stopped:
		c.stopped.Add(1)
	case Completed:
		c.completed.Add(1)
	}
}

// Stats are what the tracker holds and did so far.
type Stats struct {
	Swarms, Peers int
	Deserted      int           // swarms without peers, which are kept for their completed counts while there is room
	Rate          float64       // announces/s, over about the last minute
	History       []float64     // announces in each of the last HistoryLen seconds, the oldest first; read-only
	MaxRate       float64       // that the interval aims at
	Interval      time.Duration // that announces are told now, before jitter
	MinInterval   time.Duration // bounds of it
	MaxInterval   time.Duration

	AnnouncesHTTP, AnnouncesUDP uint64 // answered with peers
	ScrapesHTTP, ScrapesUDP     uint64
	Connects                    uint64 // BEP 15
	Failures                    uint64 // requests answered with a failure reason or an error: the sum of the next two
	RefusedHTTP, RefusedUDP     [Reasons]uint64
	Ignored                     uint64 // datagrams that were no requests, or of banned sources
	BadIDs                      uint64 // datagrams with a connection ID that we did not issue lately
	Started, Stopped, Completed uint64 // announces with such events

	Bridge *BridgeStats // nil without Config.Bridge

	Banned      int // sources whose datagrams are ignored unless they have a valid connection ID
	Connections int // over HTTP, now
}

// Stats returns the figures as of now.
func (t *Tracker) Stats(now time.Time) Stats {
	c := &t.counters
	s := Stats{Rate: t.pacer.Rate(), MaxRate: t.tuning.Load().MaxRate, Interval: t.pacer.Interval(), MinInterval: t.cfg.MinInterval, MaxInterval: t.cfg.MaxInterval,
		AnnouncesHTTP: c.announcesHTTP.Load(), AnnouncesUDP: c.announcesUDP.Load(),
		ScrapesHTTP: c.scrapesHTTP.Load(), ScrapesUDP: c.scrapesUDP.Load(), Connects: c.connects.Load(),
		Ignored: c.ignored.Load(), BadIDs: c.badIDs.Load(),
		Started: c.started.Load(), Stopped: c.stopped.Load(), Completed: c.completed.Load(), Banned: t.bans.count(now)}
	var overHTTP, overUDP uint64
	s.RefusedHTTP, overHTTP = c.refusedHTTP.counts()
	s.RefusedUDP, overUDP = c.refusedUDP.counts()
	s.Failures = overHTTP + overUDP
	s.History = t.meter.history()
	s.Swarms, s.Peers = t.swarms.Len()
	s.Deserted = t.swarms.Deserted()
	s.Bridge = t.bridge.stats()
	if t.http != nil {
		s.Connections = t.http.connections.len()
	}
	return s
}
