package crawl

import "time"

// replyWithin is how long a reply may take, about. After that those to all earlier queries are in.
const replyWithin = 10 * time.Second

// watermark is how far a sweep is done to the last reply. The cursor runs ahead of the candidates that are held
// back and of those that are being asked: what is below it now is done when they are through.
type watermark struct {
	place    uint64    // done below
	next     uint64    // the next place
	released int       // the candidates held back that must have been released by then
	since    time.Time // they have; zero before
}

// finish raises the watermark to a place that waits for nobody.
func (w *watermark) finish(place uint64) { *w = watermark{place: place, next: place} }

// raise is called once a round, with the place of the cursor.
func (w *watermark) raise(cursor uint64, f *frontier, now time.Time) {
	lowest, some := f.lowest()
	switch {
	case w.next == w.place:
		w.next, w.released, w.since = cursor, f.released+f.waiting(), time.Time{}
	case !w.since.IsZero():
		if now.Sub(w.since) >= replyWithin {
			w.place = w.next
		}
	case f.released >= w.released && (!some || lowest >= w.next):
		w.since = now
	}
}
