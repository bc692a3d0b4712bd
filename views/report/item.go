package report

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"dhtop/dhtcore"
	"dhtop/dhtcore/pkarr"
)

// Item is an item of the DHT (BEP 44) in the documents of get and put. What does not apply is null.
type Item struct {
	Target   dhtcore.ID  `json:"target"`
	Value    *string     `json:"value"`     // bencoded, as text: value_hex has the bytes that are none
	ValueHex rawBytes    `json:"value_hex"` // bencoded
	Text     *string     `json:"text"`      // the value itself when it is a string of UTF-8
	Key      rawBytes    `json:"key"`       // ed25519 public key; null for an immutable item
	PK       *string     `json:"pk"`        // the key in z-base-32, as Pkarr writes it
	Salt     *string     `json:"salt"`
	SaltHex  rawBytes    `json:"salt_hex"`
	Seq      *int64      `json:"seq"`
	Sig      rawBytes    `json:"sig"`
	InfoHash *dhtcore.ID `json:"info_hash"` // of the torrent that it points to (BEP 46)
}

// rawBytes are hexadecimal in JSON; null when there are none.
type rawBytes []byte

// MarshalJSON implements json.Marshaler.
func (b rawBytes) MarshalJSON() ([]byte, error) {
	if b == nil {
		return []byte("null"), nil
	}
	return append(hex.AppendEncode([]byte{'"'}, b), '"'), nil
}

// UnmarshalJSON implements json.Unmarshaler, for those who read what is written here.
func (b *rawBytes) UnmarshalJSON(text []byte) (err error) {
	if string(text) == "null" {
		*b = nil
		return nil
	}
	*b, err = hex.DecodeString(strings.Trim(string(text), `"`))
	return err
}

// newItem returns the JSON form of the item at target, which is nil if none was found.
func newItem(target dhtcore.ID, it *dhtcore.Item) Item {
	out := Item{Target: target}
	if it == nil {
		return out
	}
	out.Value, out.ValueHex = nullable(string(it.Value)), it.Value
	if text, ok := Content(it.Value); ok && utf8.Valid(text) {
		s := string(text)
		out.Text = &s
	}
	if !it.Mutable() {
		return out
	}
	out.Key, out.Sig, out.PK = it.Key, it.Sig, nullable(pkarr.FormatKey(it.Key))
	if it.HasSeq {
		out.Seq = &it.Seq
	}
	if len(it.Salt) > 0 {
		out.Salt, out.SaltHex = nullable(string(it.Salt)), it.Salt
	}
	if hash, ok := it.Pointer(); ok {
		out.InfoHash = &hash
	}
	return out
}

// String says what the item is in a comment line.
func (i *Item) String() string {
	if i.Key == nil {
		return "immutable"
	}
	text := fmt.Sprintf("mutable, key %x", []byte(i.Key))
	if i.SaltHex != nil {
		text += ", salt " + string(appendText(nil, i.SaltHex))
	}
	if i.Seq != nil {
		text += fmt.Sprintf(", seq %d", *i.Seq)
	}
	return text
}

// Get is the document of "get --json".
type Get struct {
	Kind  string `json:"kind"` // "get"
	Found bool   `json:"found"`
	Item
	Records
	From    []Holder     `json:"from"`    // the nodes that had it
	Holders []ItemHolder `json:"holders"` // the nodes that should have it, and others that do
	SearchStats
}

// Holder is a node that had an item.
type Holder struct {
	ID   dhtcore.ID `json:"id"`
	Addr string     `json:"addr"`
}

// NewGet returns the JSON form of a get. DNS records in a mutable item are decoded (Pkarr).
func NewGet(l *dhtcore.LookupState, o Options) Get {
	g := Get{Kind: "get", Found: l.Item != nil, Item: newItem(l.Target, l.Item), From: []Holder{},
		Records: Records{Records: []Record{}}, Holders: newItemHolders(l, o), SearchStats: newSearchStats(l, o)}
	for _, c := range l.ItemFrom {
		g.From = append(g.From, Holder{c.ID, o.addr(c.Addr)})
	}
	if l.Item != nil && l.Item.Mutable() && len(l.Item.Salt) == 0 {
		g.Records = newRecords(l.Item, o)
	}
	return g
}

// ExpectRecords says that the value should hold DNS records: where it does not, the document says why.
func (g *Get) ExpectRecords() {
	if g.Found {
		g.expected = true
		g.say()
	}
}

// WritePlain writes what was found for people: what it is and what it took as comments, then the records in it or the
// value. Under records it says which node has which version.
func (g *Get) WritePlain(w io.Writer) error {
	if !g.Found {
		_, err := fmt.Fprintf(w, "# %s: not found, %s\n", g.Target, &g.SearchStats)
		return err
	}
	text := fmt.Appendf(nil, "# %s: %s, from %s, %s\n", g.Target, &g.Item, count(len(g.From), "node"), &g.SearchStats)
	if g.InfoHash != nil {
		text = fmt.Appendf(text, "# it points to the torrent %s (BEP 46)\n", *g.InfoHash)
	}
	text = g.appendRecords(text, g.PK)
	if content, ok := Content(g.ValueHex); g.whole() {
		// the records say it all
	} else if ok && readable(content) {
		text = append(append(text, content...), '\n')
	} else if value, ok := Value(g.ValueHex); ok {
		text = append(append(text, value...), '\n')
	} else {
		text = append(appendText(text, g.ValueHex), '\n')
	}
	if g.expected || g.whole() {
		text = appendItemHolders(text, g.Holders, g.Seq)
	}
	_, err := w.Write(text)
	return err
}

// WriteCSV writes a header, and a line with the item if there is one.
func (g *Get) WriteCSV(w io.Writer) error {
	text := []byte("target,key,salt_hex,seq,value_hex,info_hash,told_by\n")
	if g.Found {
		text = fmt.Appendf(text, "%s,%x,%x,", g.Target, []byte(g.Key), []byte(g.SaltHex))
		if g.Seq != nil {
			text = fmt.Append(text, *g.Seq)
		}
		text = fmt.Appendf(text, ",%x,", []byte(g.ValueHex))
		if g.InfoHash != nil {
			text = append(text, g.InfoHash.String()...)
		}
		text = fmt.Appendf(text, ",%d\n", len(g.From))
	}
	_, err := w.Write(text)
	return err
}
