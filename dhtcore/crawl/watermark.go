package crawl

import "time"

// hearing is how long an answer may take, about: those to a question that was put before are in then.
const hearing = 10 * time.Second

// settled is how far a sweep is done to the last answer. The head of a frontier runs ahead of the candidates
// that are held back and of those that are being asked: what is below it now is settled when they are through.
type watermark struct {
	place uint64 // what is below is settled
	next  uint64 // what is below will be
	after int    // when so many of those held back have been asked
	since time.Time
}

// end settles all below place, as nobody is waited for.
func (s *watermark) end(place uint64) { *s = watermark{place: place, next: place} }

// settle moves on what is settled. It is called once a round.
func (f *sweep) raiseWatermark(now time.Time) {
	s := &f.watermark
	switch {
	case s.next == s.place:
		s.next, s.after, s.since = f.place(), f.released+len(f.held)-f.first, time.Time{}
	case !s.since.IsZero():
		if now.Sub(s.since) >= hearing {
			s.place = s.next
		}
	case f.released >= s.after && (len(f.scouts) == 0 || key(f.scouts[0].ID) >= s.next):
		s.since = now
	}
}
