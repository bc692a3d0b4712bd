// Package report writes what the explorer knows for programs and pipes: hashes, lookups, nodes, packets, the
// summary of a crawl and the stream of events, as JSON, NDJSON, CSV, magnet links and plain text.
//
// The commands of ui/cli, the HTTP API and the export key all print through it, so that a field has one name
// and one meaning everywhere. It is pure: values in, bytes out, no clock. Hashes and IDs are lower-case hex,
// times RFC 3339 in UTC with milliseconds, durations whole milliseconds rounded up, so that 0 means none.
package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/text"
)

// Options say how addresses are written, and how much detail.
type Options struct {
	MaskAddrs bool       // addresses as networks, /24 or /48, without the port (--mask-ips)
	Steps     bool       // list every node that a lookup asked (--steps)
	Mask      *text.Mask // hides what the masked screen hides, more than MaskAddrs does; nil for nothing
}

// networks hides addresses as MaskAddrs does, wherever they are.
var networks = text.Mask{Privacy: text.Network}

// Masking returns what hides what these options hide; nil where nothing is hidden.
func (o Options) Masking() *text.Mask {
	if o.Mask == nil && o.MaskAddrs {
		return &networks
	}
	return o.Mask
}

// Privacy says how much of an address is written.
func (o Options) Privacy() text.Privacy {
	if v := o.Masking(); v != nil {
		return v.Privacy
	}
	return text.Whole
}

// appendHost writes an address without a port.
func (o Options) appendHost(dst []byte, a netip.Addr) []byte {
	a = a.Unmap().WithZone("")
	if v := o.Masking(); v != nil && a.IsValid() {
		return text.AppendAddr(dst, netip.AddrPortFrom(a, 0), v.Privacy)
	}
	return a.AppendTo(dst)
}

// appendAddr writes "ip:port" or "[ip6]:port"; masked, it does as appendHost.
func (o Options) appendAddr(dst []byte, a netip.AddrPort) []byte {
	if o.Masking() != nil || !a.IsValid() {
		return o.appendHost(dst, a.Addr())
	}
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port()).AppendTo(dst)
}

// Text returns a text that strangers may have had a hand in, such as an error, as it may be printed: without what is
// hidden and what a terminal would obey.
func (o Options) Text(s string) string { return o.Masking().Text(dhtcore.Printable(s)) }

// Identity returns an ID of ours and its address, as far as they may be told.
func (o Options) Identity(id dhtcore.ID, addr netip.AddrPort) string {
	if o.Masking() != nil {
		return text.Hidden + " on " + o.addr(addr)
	}
	return id.String() + " on " + o.addr(addr)
}

// id returns an ID that may be one of ours; nil if it is hidden.
func (o Options) id(id dhtcore.ID) *dhtcore.ID {
	if o.Mask.Owns(id) {
		return nil
	}
	return &id
}

// Addr returns "ip:port" or "[ip6]:port", or what of it may be told.
func (o Options) Addr(a netip.AddrPort) string { return o.addr(a) }

func (o Options) addr(a netip.AddrPort) string { return string(o.appendAddr(nil, a)) }

// timeLayout is RFC 3339 with a fixed width, so that the texts sort by time.
const timeLayout = "2006-01-02T15:04:05.000Z07:00"

func appendTime(dst []byte, t time.Time) []byte { return t.UTC().AppendFormat(dst, timeLayout) }

// timestamp is a time in JSON; null if it is unknown.
type timestamp time.Time

// append writes the time; nothing if it is unknown.
func (t timestamp) append(dst []byte) []byte {
	if t := time.Time(t); !t.IsZero() {
		return appendTime(dst, t)
	}
	return dst
}

// MarshalJSON implements json.Marshaler.
func (t timestamp) MarshalJSON() ([]byte, error) {
	if time.Time(t).IsZero() {
		return []byte("null"), nil
	}
	return append(appendTime([]byte{'"'}, time.Time(t)), '"'), nil
}

// UnmarshalJSON implements json.Unmarshaler, for those who read what is written here.
func (t *timestamp) UnmarshalJSON(b []byte) error { return (*time.Time)(t).UnmarshalJSON(b) }

// millis rounds up.
func millis(d time.Duration) int64 {
	return int64((d + time.Millisecond - 1) / time.Millisecond)
}

// nullable is a text in JSON; null for "".
func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// count writes a number with its regular noun: 1 node, 2 nodes.
func count[N int | int64 | uint64](n N, noun string) string {
	return fmt.Sprintf("%d %s", n, human.Plural(n, noun, noun+"s"))
}

// WriteJSON writes v as one document, indented for people: the output of --json.
func WriteJSON(w io.Writer, v any) error {
	e := encoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// WriteNDJSON writes v on one line.
func WriteNDJSON(w io.Writer, v any) error { return encoder(w).Encode(v) }

// appendJSON appends v without a line end. v must be of a type that always encodes, as those of this package.
func appendJSON(dst []byte, v any) []byte {
	b := bytes.NewBuffer(dst)
	encoder(b).Encode(v) //nolint:errcheck // no value of ours fails, nor does a Buffer
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}

// encoder returns an encoder that does not escape <, > and &: the output is not for browsers.
func encoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(escaper{w})
	e.SetEscapeHTML(false)
	return e
}

// escaper escapes in JSON what a terminal obeys or a reader is misled by, and encoding/json leaves as it is: DEL, the
// C1 controls, bidirectional controls and other format characters. An Encoder writes a document at once, and outside
// of strings there is nothing but ASCII.
type escaper struct{ w io.Writer }

func (e escaper) Write(b []byte) (int, error) {
	at := firstUnsafe(b)
	if at < 0 {
		return e.w.Write(b)
	}
	out := slices.Clone(b[:at])
	for rest := b[at:]; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case !unsafeInJSON(r):
			out = append(out, rest[:size]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		rest = rest[size:]
	}
	if _, err := e.w.Write(out); err != nil {
		return 0, err
	}
	return len(b), nil
}

// firstUnsafe returns where the first character stands that is escaped, -1 for none. Nearly all of a document is ASCII.
func firstUnsafe(b []byte) int {
	for i := 0; i < len(b); {
		if b[i] < 0x7f {
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if unsafeInJSON(r) {
			return i
		}
		i += size
	}
	return -1
}

// unsafeInJSON reports whether escaper escapes r. Joiners are text.
func unsafeInJSON(r rune) bool {
	if r < utf8.RuneSelf {
		return r == 0x7f
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != 0x200c && r != 0x200d
}
