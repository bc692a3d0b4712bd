package scrape

import (
	"cmp"
	"slices"
	"time"
)

// Rank is how a tracker has answered, over all its scrapes.
type Rank struct {
	Tracker   string
	Scrapes   int           // so many were tried
	Answered  int           // so many of them without an error
	Hashes    int           // so many were asked about
	Known     int           // of so many the tracker has told something
	Seeders   int64         // of all hashes, as are the next ones
	Leechers  int64         //
	Completed int64         //
	RTT       time.Duration // the median; 0 without an answer
	Err       error         // the last one
	rtts      []time.Duration
}

// Ranking adds up the answers of trackers. It belongs to one goroutine; the zero value is empty.
type Ranking struct{ of map[string]*Rank }

// Add takes in the result of a scrape of so many hashes.
func (r *Ranking) Add(result *Result, hashes int) {
	k := r.of[result.Tracker]
	if k == nil {
		if r.of == nil {
			r.of = map[string]*Rank{}
		}
		k = &Rank{Tracker: result.Tracker}
		r.of[result.Tracker] = k
	}
	k.Scrapes++
	k.Hashes += hashes
	if result.Err != nil {
		k.Err = result.Err
	} else {
		k.Answered++
		k.rtts = append(k.rtts, result.RTT)
	}
	for _, s := range result.Swarms {
		if s.Known {
			k.Known++
			k.Seeders += max(s.Seeders, 0)
			k.Leechers += max(s.Leechers, 0)
			k.Completed += max(s.Completed, 0)
		}
	}
}

// Ranks returns the trackers, the best one first: the one that answers most of its scrapes, then the one that knows
// most of its hashes, then the one that answers soonest.
func (r *Ranking) Ranks() []Rank {
	list := make([]Rank, 0, len(r.of))
	for _, k := range r.of {
		if len(k.rtts) > 0 {
			slices.Sort(k.rtts)
			k.RTT = k.rtts[len(k.rtts)/2]
		}
		list = append(list, *k)
	}
	slices.SortFunc(list, func(a, b Rank) int {
		return cmp.Or(
			cmp.Compare(b.Answered*a.Scrapes, a.Answered*b.Scrapes),
			cmp.Compare(b.Known*a.Hashes, a.Known*b.Hashes),
			cmp.Compare(a.RTT, b.RTT),
			cmp.Compare(a.Tracker, b.Tracker))
	})
	return list
}
