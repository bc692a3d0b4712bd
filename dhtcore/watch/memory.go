package watch

import (
	"math"
	"time"
)

// memory is what the rules know of the past of an entry.
type memory struct {
	Silent      bool      // nobody is there, for sure
	SilentSince time.Time // when the first observation of that was
	AliveRun    int       // observations in a row with somebody
	SilentRun   int       // without

	HadSeeds int // observations with seeds, up to presence
	HadMine  int // with our own client

	Leechers float64   // their mean over about a day
	Measured int       // observations in it
	At       time.Time // of the last of these

	SeqSeen int     // observations of a version, up to seqSure
	Seq     int64   // the newest one
	Holders float64 // how many there are usually
}

const (
	demandOver  = 24 * time.Hour // the mean of the leechers is over about it
	demandLeast = 6              // observations before a jump is one
	seqSure     = 3              // observations of an item before another version is a change: the first may be old
	holderDecay = 0.02           // an observation, of what is usual
)

// update takes in an observation that was judged.
func (m *memory) update(s *subject, o *Observation) {
	if s.IsItem() {
		m.updateItem(s, o)
		return
	}
	if o.Alive() {
		m.AliveRun, m.SilentRun = m.AliveRun+1, 0
		if m.AliveRun >= presence {
			m.Silent, m.SilentSince = false, time.Time{}
		}
	} else {
		if m.SilentRun == 0 && !m.Silent {
			m.SilentSince = o.At
		}
		m.AliveRun, m.SilentRun = 0, m.SilentRun+1
		if m.SilentRun >= absence {
			m.Silent = true
		}
	}
	if o.SeedsKnown && o.Seeds > 0 {
		m.HadSeeds = min(m.HadSeeds+1, presence)
	}
	if o.MineOn > 0 {
		m.HadMine = min(m.HadMine+1, presence)
	}
	if o.SeedsKnown && s.alert(Demand) == nil && s.judged[Demand].ill == 0 {
		m.measure(o)
	}
}

// measure takes in the leechers.
func (m *memory) measure(o *Observation) {
	m.Measured++
	weight := 1 / float64(m.Measured)
	if m.Measured > demandLeast {
		weight = 1 - math.Exp(-float64(o.At.Sub(m.At))/float64(demandOver))
	}
	m.Leechers += weight * (float64(o.Leechers) - m.Leechers)
	m.At = o.At
}

func (m *memory) updateItem(s *subject, o *Observation) {
	if o.Held {
		m.Seq, m.SeqSeen = max(m.Seq, o.Seq), min(m.SeqSeen+1, seqSure)
	}
	if s.alert(RecordFading) == nil && s.judged[RecordFading].ill == 0 {
		m.Holders = max(m.Holders*(1-holderDecay), float64(o.Holders))
	}
}
