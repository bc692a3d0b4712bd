package report

import (
	"encoding/hex"
	"fmt"
	"io"

	"dhtop/dhtcore"
	"dhtop/views/text"
)

// Packet is a packet of the log; its fields up to TookMS, in this order, and Raw are the columns of CSV as
// well.
type Packet struct {
	At        timestamp   `json:"at"`
	Direction string      `json:"direction"` // in or out
	Addr      string      `json:"addr"`      // of the other side
	Kind      string      `json:"kind"`      // query, reply, error or none
	Method    *string     `json:"method"`    // of an answer, that of the query; null when that was not seen
	About     *dhtcore.ID `json:"about"`     // what the query asks for
	ID        *dhtcore.ID `json:"id"`        // of the sender, as it says; null for our own while it is hidden
	Client    *string     `json:"client"`
	Size      int         `json:"size"`
	TookMS    int64       `json:"took_ms"` // since the query; 0 when that was not seen
	Nodes     int         `json:"nodes"`   // what a reply carries
	Values    int         `json:"values"`
	Samples   int         `json:"samples"`
	Token     bool        `json:"token"`
	Error     *Refusal    `json:"error"` // null for what is none
	Raw       string      `json:"raw"`   // its first 1,500 bytes in hexadecimal, xx for one that is hidden
}

// Refusal is what an error message says.
type Refusal struct {
	Code int     `json:"code"`
	Text *string `json:"text"` // null while addresses are hidden, as it may hold some
}

// NewPacket returns the JSON form of a packet. hidden marks the bytes to leave out; nil for none.
func NewPacket(p *dhtcore.Packet, hidden []bool, o Options) Packet {
	out := Packet{At: timestamp(p.At), Direction: p.Way.String(), Addr: o.addr(p.Addr), Kind: dhtcore.KindName(p.Kind),
		Method: nullable(o.Text(p.MethodName())), Client: nullable(o.Text(p.Client)), Size: p.Size, TookMS: millis(p.Took),
		Nodes: p.Nodes, Values: p.Values, Samples: p.Samples, Token: p.Token, Raw: string(appendRaw(nil, p.Payload, hidden))}
	if p.HasTarget {
		out.About = o.id(p.Target)
	}
	if !p.Sender.Zero() {
		out.ID = o.id(p.Sender)
	}
	if p.Kind == dhtcore.KindError {
		out.Error = &Refusal{Code: p.Code}
		if o.Masking() == nil {
			out.Error.Text = nullable(p.Text)
		}
	}
	return out
}

// appendRaw writes bytes in hexadecimal.
func appendRaw(dst, b []byte, hidden []bool) []byte {
	for i := range b {
		if hidden != nil && hidden[i] {
			dst = append(dst, "xx"...)
		} else {
			dst = hex.AppendEncode(dst, b[i:i+1])
		}
	}
	return dst
}

var packetList = list[Packet]{
	header: "at,direction,addr,kind,method,about,id,client,size,took_ms,raw",
	csv: func(dst []byte, p *Packet) []byte {
		dst = p.At.append(dst)
		dst = fmt.Appendf(dst, ",%s,%s,%s,", p.Direction, p.Addr, p.Kind)
		dst = append(appendNullable(dst, p.Method), ',')
		dst = append(appendID(dst, p.About), ',')
		dst = append(appendID(dst, p.ID), ',')
		dst = appendNullable(dst, p.Client)
		return fmt.Appendf(dst, ",%d,%d,%s", p.Size, p.TookMS, p.Raw)
	},
	plain: func(dst []byte, p *Packet) []byte {
		dst = p.At.append(dst)
		dst = fmt.Appendf(dst, "  %-3s %-5s ", p.Direction, p.Kind)
		if p.Method != nil {
			dst = append(append(dst, text.Sanitize(*p.Method)...), ' ')
		}
		dst = fmt.Appendf(dst, "%s %s", p.Addr, count(p.Size, "byte"))
		if p.About != nil {
			dst = fmt.Appendf(dst, " about %s", *p.About)
		}
		return dst
	},
}

// WritePackets writes packets in the format f, which is not Magnet.
func WritePackets(w io.Writer, f Format, packets []Packet) error {
	return packetList.write(w, f, packets)
}

// appendNullable writes a text as a field of CSV; nothing for nil.
func appendNullable(dst []byte, s *string) []byte {
	if s == nil {
		return dst
	}
	return appendField(dst, *s)
}

func appendID(dst []byte, id *dhtcore.ID) []byte {
	if id == nil {
		return dst
	}
	return hex.AppendEncode(dst, id[:])
}
