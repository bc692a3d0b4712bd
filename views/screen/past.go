package screen

import (
	"strconv"
	"time"

	"dhtop/dhtcore"
)

// Past is what the screen shows in place of now: a picture of earlier, and where that is in all that was kept.
type Past struct {
	At          time.Time     // of the picture
	Ago         time.Duration // how long that is ago; not of a recording
	First, Last time.Time     // of all pictures
	Step        time.Duration // of the last { or }; 0 before the first
	Marks       []PastMark    // in the order of time

	Waiting bool // for the first picture: what is on the screen is not of the past yet

	Recording bool // there is no now: a file is shown
	Playing   bool
	Speed     float64 // of playing, 1 for as it was
}

// PastMark is a moment to look at.
type PastMark struct {
	At   time.Time
	Kind MarkKind
}

// MarkKind is what happened at a PastMark. Where several are too close, the last of these is shown.
type MarkKind uint8

// The kinds.
const (
	LookupMark MarkKind = iota + 1
	WarningMark
	AlertMark
)

// Place is where a moment is in the span, on a line of so many cells.
func (p *Past) Place(at time.Time, cells int) int {
	span := p.Last.Sub(p.First)
	if span <= 0 {
		return max(cells-1, 0)
	}
	return min(max(int(float64(at.Sub(p.First))/float64(span)*float64(cells-1)+0.5), 0), max(cells-1, 0))
}

// Moment is the moment at a share of the span, from 0 to 1.
func (p *Past) Moment(share float64) time.Time {
	return p.First.Add(time.Duration(share * float64(p.Last.Sub(p.First))))
}

// Ended reports whether the picture is the last one.
func (p *Past) Ended() bool { return !p.At.Before(p.Last) }

// MarksOf are the moments that a Snapshot knows of, in any order.
func MarksOf(s *dhtcore.Snapshot) (marks []PastMark) {
	for i := range s.Lookups {
		marks = append(marks, PastMark{s.Lookups[i].Started, LookupMark})
	}
	for i := range s.Warnings {
		kind := WarningMark
		if s.Warnings[i].Kind == dhtcore.Alerted {
			kind = AlertMark
		}
		marks = append(marks, PastMark{s.Warnings[i].At, kind})
	}
	return marks
}

// Times writes a speed: "2×".
func Times(speed float64) string { return strconv.FormatFloat(speed, 'g', 4, 64) + "×" }

// Clock writes a moment as a time of day, with the date where ref is of another day.
func Clock(at, ref time.Time) string {
	layout := "15:04:05"
	if at.Format(time.DateOnly) != ref.Format(time.DateOnly) {
		layout = "2006-01-02 15:04:05"
	}
	return at.Format(layout)
}
