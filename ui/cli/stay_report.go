package cli

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

// printEnd prints the document at the end.
func (s *stayer) printEnd(end *report.Stay) {
	switch {
	case !s.cfg.Once:
		s.printer.Print(func(w io.Writer) error { return s.Form.Print(w, end) })
	case s.JSON:
		s.printer.Print(func(w io.Writer) error {
			return report.WriteJSON(w, slices.DeleteFunc(s.all, func(d report.Document) bool { return d == nil }))
		})
	}
}

// renewed reports a renewal.
func (s *stayer) renewed(r *dhtcore.Renewal) {
	if s.cfg.Once {
		s.storedOnce(r)
		return
	}
	s.warnOfCost()
	if s.JSON || s.CSV || s.ctx.Err() != nil { // cut short, it says nothing
		return
	}
	doc := report.NewRenewal(r, s.kind.peers, s.Options)
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.printed:
		s.queued = 0
	default:
	}
	if s.queued >= maxUnread {
		s.leftOut++
		return
	}
	s.queued++
	s.printed = s.printer.Print(func(w io.Writer) error {
		if s.NDJSON {
			return report.WriteNDJSON(w, &doc)
		}
		return doc.WritePlain(w)
	})
}

// storedOnce reports that something was stored, or not, and nothing follows.
func (s *stayer) storedOnce(r *dhtcore.Renewal) {
	doc := s.document(r)
	s.mu.Lock()
	if r.Err != "" {
		fmt.Fprintf(s.errOut, "dhtop: %s: %s\n", r.Target, s.Options.Text(r.Err))
	}
	begun := s.begun
	switch {
	case doc == nil:
	case s.JSON:
		s.all = append(s.all, make([]report.Document, max(0, r.Entry+1-len(s.all)))...)
		s.all[r.Entry] = doc
	default:
		s.begun = true
	}
	s.mu.Unlock()
	if doc != nil && !s.JSON {
		<-s.printer.Print(func(w io.Writer) error { return s.Form.PrintOne(w, doc, begun) })
	}
}

// costKnown is after how many turns it is known what a renewal costs.
const costKnown = 20

// warnOfCost says when there is more to renew than can be renewed in time: once, and again when there is twice as much.
func (s *stayer) warnOfCost() {
	t := s.published.Totals()
	if t.Renewals+t.Failures+t.Looks < costKnown || t.Round <= s.cfg.Every || s.log < settings.LogWarning {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.Entries < 2*s.warned {
		return
	}
	s.warned = t.Entries
	fmt.Fprintln(s.errOut, "dhtop:", s.cost(&t))
}

// cost says what it takes to renew everything in time, how long it takes as it is, and what to do about it.
func (s *stayer) cost(t *dhtcore.RepublishTotals) string {
	says := fmt.Sprintf("%s take %s packets a second and %s new addresses a minute to be renewed every %s. As it is, it takes %s",
		human.Amount(t.Entries, s.kind.noun, s.kind.nouns), human.Rounded(math.Ceil(t.NeedsRate)), human.Rounded(math.Ceil(t.NeedsHosts)),
		human.Duration(s.cfg.Every), human.Duration(t.Round.Round(time.Minute)))
	if t.Round > s.kind.life {
		says += fmt.Sprintf(", and nodes forget them after %s", human.Duration(s.kind.life))
	}
	var raise []string
	if s.limits.Packets > 0 && t.NeedsRate > s.limits.Packets {
		raise = append(raise, "--rate")
	}
	if s.limits.New > 0 && t.NeedsHosts > s.limits.New {
		raise = append(raise, "--rate-new")
	}
	if raise == nil {
		raise = append(raise, "--parallel")
	}
	return says + ": raise " + strings.Join(raise, " and ") + ", or keep fewer"
}

// reportBad reports a line of the input that names nothing.
func (s *stayer) reportBad(line int, err, reason error) {
	s.mu.Lock()
	s.bad++
	s.mu.Unlock()
	fmt.Fprintln(s.errOut, "dhtop:", reason)
	if s.NDJSON {
		s.printer.Print(func(w io.Writer) error { return report.WriteNDJSON(w, report.NewBadLine(line, err, s.Options)) })
	}
}

// progress is the line at the bottom of the terminal.
func (s *stayer) progress() string {
	t := s.published.Totals()
	text := fmt.Sprintf("%s  %d kept of %s", networkProgress(s.Snapshot()), t.States[dhtcore.KeptAlive], human.Amount(t.Entries, s.kind.noun, s.kind.nouns))
	switch {
	case t.Behind > time.Minute:
		text += "  behind by " + human.Duration(t.Behind.Truncate(time.Second))
	case !t.Next.IsZero() && time.Until(t.Next) > 0:
		text += "  next in " + human.Duration(time.Until(t.Next).Truncate(time.Second))
	}
	return text
}
