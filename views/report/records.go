package report

import (
	"fmt"
	"strings"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/pkarr"
)

// Records are the DNS records in the value of a mutable item (Pkarr).
type Records struct {
	Records      []Record  `json:"records"`       // none where the value is no DNS packet
	RecordsError *string   `json:"records_error"` // why there are none, or not all; null where there is nothing to say
	Published    timestamp `json:"published"`     // the time that the sequence number stands for; null where it stands for none

	damage   string
	expected bool // the value should have records
}

// Record is one of them, its texts as in a zone file (RFC 1035, section 5.1).
type Record struct {
	Name    string   `json:"name"` // relative to the key, @ for the key itself; others end with a dot
	TTL     uint32   `json:"ttl"`  // seconds
	Class   string   `json:"class"`
	Type    string   `json:"type"`
	Data    string   `json:"data"`
	DataHex rawBytes `json:"data_hex"` // as it stands in the packet; null where addresses are masked
	Texts   []string `json:"texts"`    // of a TXT record; none for others
}

// newRecords returns the records in an item, whose value may be anything.
func newRecords(it *dhtcore.Item, o Options) Records {
	r := Records{Records: []Record{}}
	packet, ok := Content(it.Value)
	if !ok {
		r.damage = "the value is no string, so it holds no DNS packet"
		return r
	}
	decoded, err := pkarr.Decode(packet, it.Key)
	if err != nil {
		r.damage = o.Text(err.Error())
	}
	if err != nil && len(decoded) == 0 {
		return r
	}
	if at, ok := pkarr.Published(it.Seq); ok {
		r.Published = timestamp(at)
	}
	r.Records = make([]Record, len(decoded))
	for i, d := range decoded {
		r.Records[i] = Record{Name: d.Name, TTL: d.TTL, Class: d.Class, Type: d.Type, Data: o.Text(d.Data), DataHex: append(rawBytes{}, d.Raw...), Texts: append([]string{}, d.Texts...)}
		if o.Masking() != nil {
			r.Records[i].DataHex = nil
		}
	}
	r.say()
	return r
}

// say takes over what is wrong, where somebody wants to know.
func (r *Records) say() {
	if r.damage != "" && (r.expected || len(r.Records) > 0) {
		r.RecordsError = &r.damage
	}
}

// whole reports whether the records are all that the value holds.
func (r *Records) whole() bool { return len(r.Records) > 0 && r.damage == "" }

// String returns the record as a line of a zone file, without the class where it is the usual one.
func (r *Record) String() string {
	d := pkarr.Record{Name: r.Name, TTL: r.TTL, Class: r.Class, Type: r.Type, Data: r.Data}
	return d.String()
}

// appendRecords writes the records as a zone file, with what is to be said of them as comments.
func (r *Records) appendRecords(text []byte, pk *string) []byte {
	if len(r.Records) == 0 && r.RecordsError == nil && !r.expected || pk == nil {
		return text
	}
	text = append(append(text, "# pk:"...), *pk...)
	if at := time.Time(r.Published); !at.IsZero() {
		text = append(text, ", published "...)
		text = appendTime(text, at)
	}
	text = append(text, '\n')
	if r.RecordsError != nil {
		text = fmt.Appendf(text, "# %s\n", strings.ReplaceAll(*r.RecordsError, "\n", " "))
	} else if len(r.Records) == 0 {
		text = append(text, "# the DNS packet has no records\n"...)
	}
	for i := range r.Records {
		text = append(append(text, r.Records[i].String()...), '\n')
	}
	return text
}
