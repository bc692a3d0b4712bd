package report

import (
	"fmt"
	"io"
	"strings"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
)

// SearchStats is what a search cost, in the documents of announce, get and put.
type SearchStats struct {
	ElapsedMS int64   `json:"elapsed_ms"` // of the search, without the storing after it
	Queries   int     `json:"queries"`
	Replies   int     `json:"replies"`
	Timeouts  int     `json:"timeouts"`
	Lied      int     `json:"lied"`
	Late      int     `json:"late"`
	Risk      Risk    `json:"eclipse_risk"`
	Error     *string `json:"error"`           // why it ended early
	Steps     []Step  `json:"steps,omitempty"` // with Options.Steps
}

func newSearchStats(l *dhtcore.LookupState, o Options) SearchStats {
	e := SearchStats{ElapsedMS: millis(l.Elapsed), Queries: l.Queries, Replies: l.Replied, Timeouts: l.TimedOut,
		Lied: l.Lied, Late: l.Late, Risk: newRisk(&l.Risk), Error: nullable(o.Text(l.Err))}
	if o.Steps {
		e.Steps = newSteps(l, o)
	}
	return e
}

// String is for the comment lines of plain output.
func (e *SearchStats) String() string {
	return fmt.Sprintf("%d %s, %d replied, %d ms",
		e.Queries, human.Plural(e.Queries, "query", "queries"), e.Replies, e.ElapsedMS)
}

// Receipt is the result of an announce or a put at one node.
type Receipt struct {
	ID     dhtcore.ID `json:"id"`
	Addr   string     `json:"addr"`
	Stored bool       `json:"stored"`
	Error  *string    `json:"error"` // why it was not stored
}

// Storing lists who stored something and who did not.
type Storing struct {
	Stored  int       `json:"stored"`  // nodes that did
	Refused int       `json:"refused"` // nodes that refused, or did not answer
	Nodes   []Receipt `json:"nodes"`   // closest first
	// External is under which addresses others see us, one an address family, as far as they agree.
	External []string `json:"external"`
}

func newStoring(l *dhtcore.LookupState, o Options) Storing {
	s := Storing{Nodes: make([]Receipt, len(l.Stored)), External: []string{}}
	for i, r := range l.Stored {
		s.Nodes[i] = Receipt{ID: r.ID, Addr: o.addr(r.Addr), Stored: r.Err == nil}
		if r.Err != nil {
			s.Nodes[i].Error = nullable(o.Text(r.Reason()))
			s.Refused++
		} else {
			s.Stored++
		}
	}
	return s
}

// Reason returns why most of the nodes did not store it, "" where none said.
func (s *Storing) Reason() (reason string) {
	times := map[string]int{}
	for i := range s.Nodes {
		if why := s.Nodes[i].Error; why != nil {
			if times[*why]++; reason == "" || times[*why] > times[reason] {
				reason = *why
			}
		}
	}
	return reason
}

// SetExternal takes over under which addresses others see our identities.
func (s *Storing) SetExternal(ours []dhtcore.Vantage, o Options) {
	for i := range ours {
		if ours[i].External.IsValid() {
			s.External = append(s.External, o.addr(ours[i].External))
		}
	}
}

// writeExternal writes a comment with the addresses of SetExternal.
func (s *Storing) writeExternal(w io.Writer) error {
	if len(s.External) == 0 {
		return nil
	}
	_, err := fmt.Fprintf(w, "# others see us as %s\n", strings.Join(s.External, " and "))
	return err
}

// writePlain writes a line a node: "stored ADDR ID" or "refused ADDR ID ERROR".
func (s *Storing) writePlain(w io.Writer) error {
	var text []byte
	for _, r := range s.Nodes {
		if r.Stored {
			text = fmt.Appendf(text, "stored %s %s\n", r.Addr, r.ID)
		} else {
			text = fmt.Appendf(text, "refused %s %s %s\n", r.Addr, r.ID, *r.Error)
		}
	}
	_, err := w.Write(text)
	return err
}

// writeCSV writes a line a node under a header, each with the target in front.
func (s *Storing) writeCSV(w io.Writer, name string, target dhtcore.ID) error {
	if _, err := fmt.Fprintf(w, "%s,id,addr,stored,error\n", name); err != nil {
		return err
	}
	return s.writeRows(w, target)
}

// writeRows writes the lines of writeCSV without the header.
func (s *Storing) writeRows(w io.Writer, target dhtcore.ID) error {
	var text []byte
	for _, r := range s.Nodes {
		text = fmt.Appendf(text, "%s,%s,%s,%t,", target, r.ID, r.Addr, r.Stored)
		if r.Error != nil {
			text = appendField(text, *r.Error)
		}
		text = append(text, '\n')
	}
	_, err := w.Write(text)
	return err
}
