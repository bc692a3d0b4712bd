package report

import (
	"encoding/hex"
	"strconv"
)

// AppendJSON appends the page as WriteNDJSON writes it, in a fraction of the time: dashboards ask for the top 500 every
// second.
func (p *HashPage) AppendJSON(dst []byte) []byte {
	dst = p.At.appendJSON(append(dst, `{"at":`...))
	dst = append(append(append(append(dst, `,"sort":"`...), p.Sort...), `","order":"`...), p.Order...)
	dst = appendInt(append(dst, '"'), "total", int64(p.Total))
	dst = append(dst, `,"hashes":[`...)
	for i := range p.Hashes {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = p.Hashes[i].appendJSON(dst)
	}
	return append(appendOrNull(append(dst, `],"next_cursor":`...), p.NextCursor), "}\n"...)
}

func (r *Ranked) appendJSON(dst []byte) []byte {
	dst = strconv.AppendInt(append(dst, `{"rank":`...), int64(r.Rank), 10)
	dst = hex.AppendEncode(append(dst, `,"info_hash":"`...), r.InfoHash[:])
	dst = appendOrNull(append(dst, `","name":`...), r.Name)
	dst = appendInt(dst, "requests", int64(r.Requests))
	dst = appendInt(dst, "announces", int64(r.Announces))
	dst = appendInt(dst, "sources", int64(r.Sources))
	dst = appendInt(dst, "samples", int64(r.Samples))
	dst = appendInt(dst, "peers", int64(r.Peers))
	dst = r.FirstSeen.appendJSON(append(dst, `,"first_seen":`...))
	dst = r.LastSeen.appendJSON(append(dst, `,"last_seen":`...))
	dst = appendInt(dst, "raw_requests", int64(r.RawRequests))
	dst = appendInt(dst, "maintenance", int64(r.Maintenance))
	dst = appendInt(dst, "tracked", int64(r.Tracked))
	dst = strconv.AppendFloat(append(dst, `,"rate":`...), r.Rate, 'f', -1, 64)
	dst = appendInt(dst, "last_minutes", int64(r.Minutes))
	dst = appendInt(dst, "last_hour", int64(r.Hour))
	dst = appendCount(append(dst, `,"seeds":`...), r.Seeds)
	dst = appendCount(append(dst, `,"leechers":`...), r.Leechers)
	dst = appendInt(dst, "vantages", int64(r.Vantages))
	dst = appendInt(dst, "alike", int64(r.Alike))
	dst = strconv.AppendBool(append(dst, `,"only_maintenance":`...), r.OnlyUpkeep)
	return append(dst, '}')
}

// appendJSON is MarshalJSON.
func (t timestamp) appendJSON(dst []byte) []byte {
	if text := t.append(append(dst, '"')); len(text) > len(dst)+1 {
		return append(text, '"')
	}
	return append(dst, "null"...)
}

func appendOrNull(dst []byte, s *string) []byte {
	if s == nil {
		return append(dst, "null"...)
	}
	return appendJSON(dst, *s)
}

func appendCount(dst []byte, n *int) []byte {
	if n == nil {
		return append(dst, "null"...)
	}
	return strconv.AppendInt(dst, int64(*n), 10)
}
