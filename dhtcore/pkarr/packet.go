package pkarr

import (
	"errors"
	"fmt"
	"math"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// Record is a resource record of a packet. Its texts but Texts are printable ASCII, in the presentation format of zone files (RFC
// 1035, section 5.1): other bytes are escaped as \DDD.
type Record struct {
	Name  string   // relative to the key, @ for the key itself; a name outside of it ends with a dot
	TTL   uint32   // seconds, as it stands in the packet
	Class string   // IN but for odd records
	Type  string   // A, TXT ..., TYPE65280 for those without a name (RFC 3597)
	Data  string   // what stands behind the type in a zone file; \# LENGTH HEX where it is unknown or damaged
	Raw   []byte   // as it stands in the packet, where names may be compressed
	Texts []string // the strings of a TXT record, as people read them; nil for other types
}

// String returns the record as a line of a zone file, without the class where it is the usual one.
func (r Record) String() string {
	if r.Class != "IN" {
		return fmt.Sprintf("%s %d %s %s %s", r.Name, r.TTL, r.Class, r.Type, r.Data)
	}
	return fmt.Sprintf("%s %d %s %s", r.Name, r.TTL, r.Type, r.Data)
}

// ErrDamaged is wrapped by the errors of Decode.
var ErrDamaged = errors.New("the value is no DNS packet, or a damaged one")

// Decode returns the records in a DNS packet: those of its answer section, then those of the other sections, which Pkarr
// leaves empty. key is that of the packet, to which names are relative. Of a damaged packet it returns the records before
// the damage, and an error.
func Decode(packet, key []byte) (records []Record, err error) {
	var p dnsmessage.Parser
	if _, err := p.Start(packet); err != nil {
		return nil, ErrDamaged
	}
	if err := p.SkipAllQuestions(); err != nil {
		return nil, ErrDamaged
	}
	origin := FormatKey(key)
	for _, header := range []func() (dnsmessage.ResourceHeader, error){p.AnswerHeader, p.AuthorityHeader, p.AdditionalHeader} {
		for {
			h, err := header()
			if errors.Is(err, dnsmessage.ErrSectionDone) {
				break
			}
			var r Record
			if err == nil {
				r, err = readRecord(p, &h, origin)
			}
			if err == nil {
				_, err = p.UnknownResource() // steps over it
			}
			switch {
			case err != nil && len(records) > 0:
				return records, fmt.Errorf("%w, from record %d on", ErrDamaged, len(records)+1)
			case err != nil:
				return nil, ErrDamaged
			}
			records = append(records, r)
		}
	}
	return records, nil
}

// The times that a sequence number of Pkarr can be: it did not exist before, and clocks are not that wrong.
var (
	earliest = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Published returns the time that the sequence number of a record stands for, false if it stands for none.
func Published(seq int64) (at time.Time, ok bool) {
	at = time.UnixMicro(seq)
	return at, at.After(earliest) && at.Before(latest)
}

// NextSeq returns the sequence number of a record that is published now and replaces one with the number before.
func NextSeq(now time.Time, before int64) int64 {
	if before == math.MaxInt64 {
		return before
	}
	return max(now.UnixMicro(), before+1)
}
