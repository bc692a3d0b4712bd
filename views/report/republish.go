package report

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/dhtcore/pkarr"
)

// Kept is one thing that "announce --stay" or "put --stay" keeps, as it stands. What does not apply is null.
type Kept struct {
	InfoHash *dhtcore.ID `json:"info_hash"` // of an announce
	Target   *dhtcore.ID `json:"target"`    // of an item
	PK       *string     `json:"pk"`        // of a mutable item: its key in z-base-32
	Seq      *int64      `json:"seq"`
	State    string      `json:"state"` // waiting, kept, failing or superseded
	Renewals int         `json:"renewals"`
	Failures int         `json:"failures"` // since the last renewal
	Renewed  timestamp   `json:"renewed_at"`
	Stored   int         `json:"stored"`  // nodes that accepted it then
	Refused  int         `json:"refused"` // nodes that did not
	Held     *int        `json:"held"`    // of the closest nodes, those that still had it at held_at, before a renewal
	Checked  int         `json:"checked"` // of the closest nodes, those that could tell
	Closest  int         `json:"closest"` // the closest nodes that replied, eight an address family
	HeldAt   timestamp   `json:"held_at"`
	Error    *string     `json:"error"` // why the last turn failed
}

// newKept returns the JSON form of what is kept: a peer if announce is set, else an item.
func newKept(k *dhtcore.KeptEntry, announce bool, o Options) Kept {
	out := Kept{State: k.State.String(), Renewals: k.Renewals, Failures: k.Failures, Renewed: timestamp(k.Renewed),
		Stored: k.Stored, Refused: k.Refused, Checked: k.Holding.Checked, Closest: k.Holding.Closest, HeldAt: timestamp(k.Seen),
		Error: nullable(o.Text(k.Err))}
	target := k.Target
	if announce {
		out.InfoHash = &target
	} else {
		out.Target = &target
	}
	if it := k.Item; it != nil && it.Mutable() {
		out.PK = nullable(pkarr.FormatKey(it.Key))
		if it.HasSeq {
			seq := it.Seq
			out.Seq = &seq
		}
	}
	if !k.Seen.IsZero() && k.Holding.Checked > 0 {
		held := k.Holding.Nodes
		out.Held = &held
	}
	return out
}

// id is the hash or the target.
func (k *Kept) id() dhtcore.ID { return *cmp.Or(k.InfoHash, k.Target) }

// fewHave reports whether fewer than half of the closest nodes that could tell had it.
func (k *Kept) fewHave() bool { return k.Held != nil && 2**k.Held < k.Checked }

// Renewal is a line of "announce --stay --ndjson" and "put --stay --ndjson": what was done for one thing that is kept.
type Renewal struct {
	Kind   string    `json:"kind"` // "renewal"
	At     timestamp `json:"at"`
	Action string    `json:"action"` // store, or look: who has it
	Kept
	Changed bool  `json:"changed"` // a newer version was found, and is kept from now on
	LateMS  int64 `json:"late_ms"`
	Packets int   `json:"packets_out"`
}

// NewRenewal returns the JSON form of a renewal: of a peer if announce is set, else of an item.
func NewRenewal(r *dhtcore.Renewal, announce bool, o Options) Renewal {
	out := Renewal{Kind: "renewal", At: timestamp(r.At), Action: "store", Kept: newKept(&r.KeptEntry, announce, o), Changed: r.Changed,
		LateMS: millis(r.Late), Packets: r.Packets}
	if r.Looked {
		out.Action = "look"
	}
	return out
}

// WritePlain writes a line: the time, the hash or target, and what was done.
func (r *Renewal) WritePlain(w io.Writer) error {
	text := appendTime(nil, time.Time(r.At))
	text = append(append(append(text, ' '), r.id().String()...), ' ')
	switch {
	case r.Error != nil && r.State == dhtcore.KeptSuperseded.String():
		text = fmt.Appendf(text, "is renewed no more: %s", *r.Error)
	case r.Error != nil:
		text = fmt.Appendf(text, "failed: %s", *r.Error)
	case r.Action == "look" && r.Held == nil:
		text = append(text, "looked up: nobody can tell who has it"...)
	case r.Action == "look":
		text = fmt.Appendf(text, "held by %d of %d", *r.Held, r.Checked)
	default:
		text = fmt.Appendf(text, "stored at %d of %s", r.Stored, count(r.Stored+r.Refused, "node"))
		if r.Held != nil {
			text = fmt.Appendf(text, ", %d of %d still had it", *r.Held, r.Checked)
		}
	}
	if r.Seq != nil {
		text = fmt.Appendf(text, ", seq %d", *r.Seq)
	}
	if r.Changed {
		text = append(text, ", a newer version"...)
	}
	_, err := w.Write(append(text, '\n'))
	return err
}

// Stay is the document at the end of "announce --stay" and "put --stay".
type Stay struct {
	Kind           string    `json:"kind"` // "stay"
	Started        timestamp `json:"started"`
	ElapsedMS      int64     `json:"elapsed_ms"`
	EveryMS        int64     `json:"every_ms"` // from a renewal to the next
	Entries        int       `json:"entries"`
	Waiting        int       `json:"waiting"` // not stored yet
	Alive          int       `json:"kept"`
	Failing        int       `json:"failing"`
	Superseded     int       `json:"superseded"`
	Renewals       int       `json:"renewals"`
	FailedRenewals int       `json:"failed_renewals"`
	Looks          int       `json:"looks"`
	Packets        uint64    `json:"packets_out"`
	NeedsPackets   float64   `json:"needs_packets_per_s"` // to renew everything in time, by what it took so far
	NeedsHosts     float64   `json:"needs_addresses_per_min"`
	RoundMS        int64     `json:"round_ms"`  // from a renewal to the next where renewals follow one another without a pause
	BehindMS       int64     `json:"behind_ms"` // for how long the entry that has waited longest has been due
	LinesLeftOut   int       `json:"lines_left_out"`
	List           []Kept    `json:"list"` // in the order in which they were given
}

// NewStay returns the JSON form of what was kept since started: peers if announce is set, else items.
func NewStay(p *dhtcore.Republisher, announce bool, every time.Duration, started, now time.Time, leftOut int, o Options) Stay {
	t, all := p.Totals(), p.Kept()
	s := Stay{Kind: "stay", Started: timestamp(started), ElapsedMS: millis(now.Sub(started)), EveryMS: millis(every), Entries: t.Entries,
		Waiting: t.States[dhtcore.KeptWaiting], Alive: t.States[dhtcore.KeptAlive], Failing: t.States[dhtcore.KeptFailing],
		Superseded: t.States[dhtcore.KeptSuperseded], Renewals: t.Renewals, FailedRenewals: t.Failures, Looks: t.Looks, Packets: t.Packets,
		NeedsPackets: t.NeedsRate, NeedsHosts: t.NeedsHosts, RoundMS: millis(t.Round), BehindMS: millis(t.Behind), LinesLeftOut: leftOut, List: make([]Kept, len(all))}
	for i := range all {
		s.List[i] = newKept(&all[i], announce, o)
	}
	return s
}

// maxTroubles is how many entries that are not well kept the plain text lists.
const maxTroubles = 20

// WritePlain writes a summary as comments, and a line for each of those that are not well kept.
func (s *Stay) WritePlain(w io.Writer) error {
	text := fmt.Appendf(nil, "# %s in %s: %d kept, %d failing, %d superseded, %d not stored yet\n", human.Amount(s.Entries, "entry", "entries"),
		human.Duration(time.Duration(s.ElapsedMS)*time.Millisecond), s.Alive, s.Failing, s.Superseded, s.Waiting)
	text = fmt.Appendf(text, "# %s, %d failed, %s, %s\n", human.Amount(s.Renewals, "renewal", "renewals"), s.FailedRenewals,
		human.Amount(s.Looks, "look", "looks"), human.Amount(s.Packets, "packet", "packets"))
	if s.NeedsPackets > 0 {
		text = fmt.Appendf(text, "# to renew all every %s takes %s packets a second, to %s new addresses a minute\n",
			human.Duration(time.Duration(s.EveryMS)*time.Millisecond), human.Decimal(s.NeedsPackets), human.Rounded(s.NeedsHosts))
	}
	seen, held, checked, least := 0, 0, 0, (*Kept)(nil)
	var troubles []*Kept
	for i := range s.List {
		k := &s.List[i]
		if k.State != dhtcore.KeptAlive.String() || k.fewHave() {
			troubles = append(troubles, k)
		}
		if k.Held == nil {
			continue
		}
		seen, held, checked = seen+1, held+*k.Held, checked+k.Checked
		if least == nil || *k.Held < *least.Held {
			least = k
		}
	}
	if seen > 0 {
		text = fmt.Appendf(text, "# when last looked up, %.1f of the %.1f closest nodes had it on average, at least %d\n",
			float64(held)/float64(seen), float64(checked)/float64(seen), *least.Held)
	}
	for i, k := range troubles {
		if i == maxTroubles {
			text = fmt.Appendf(text, "# and %d more\n", len(troubles)-i)
			break
		}
		text = append(append(append(text, k.State...), ' '), k.id().String()...)
		switch {
		case k.Error != nil:
			text = append(append(text, ' '), *k.Error...)
		case k.fewHave():
			text = fmt.Appendf(text, " held by %d of %d", *k.Held, k.Checked)
		}
		text = append(text, '\n')
	}
	if s.LinesLeftOut > 0 {
		text = fmt.Appendf(text, "# %s left out: the output is read too slowly\n", human.Amount(s.LinesLeftOut, "line", "lines"))
	}
	_, err := w.Write(text)
	return err
}

// WriteCSV writes a header and a line for each thing that was kept.
func (s *Stay) WriteCSV(w io.Writer) error {
	text := []byte("info_hash,target,pk,seq,state,renewals,failures,renewed_at,stored,refused,held,checked,closest,held_at,error\n")
	for i := range s.List {
		k := &s.List[i]
		for j, id := range []*dhtcore.ID{k.InfoHash, k.Target} {
			if j > 0 {
				text = append(text, ',')
			}
			if id != nil {
				text = append(text, id.String()...)
			}
		}
		text = append(append(text, ','), deref(k.PK)...)
		text = append(text, ',')
		if k.Seq != nil {
			text = strconv.AppendInt(text, *k.Seq, 10)
		}
		text = fmt.Appendf(text, ",%s,%d,%d,", k.State, k.Renewals, k.Failures)
		text = fmt.Appendf(k.Renewed.append(text), ",%d,%d,", k.Stored, k.Refused)
		if k.Held != nil {
			text = strconv.AppendInt(text, int64(*k.Held), 10)
		}
		text = fmt.Appendf(text, ",%d,%d,", k.Checked, k.Closest)
		text = append(k.HeldAt.append(text), ',')
		if k.Error != nil {
			text = appendField(text, *k.Error)
		}
		text = append(text, '\n')
	}
	_, err := w.Write(text)
	return err
}

// deref is the reverse of nullable.
func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
