package report

import (
	"fmt"
	"io"
	"time"

	"dhtop/dhtcore"
)

// Method is the traffic of one method since the start; its fields, in this order, are the columns of CSV as well.
type Method struct {
	Method         string `json:"method"`
	Asked          uint64 `json:"asked"` // our queries, and what came of them
	Replied        uint64 `json:"replied"`
	Refused        uint64 `json:"refused"`
	Silent         uint64 `json:"silent"`
	P50MS          int64  `json:"p50_ms"` // of the time to the reply; 0 without replies
	P95MS          int64  `json:"p95_ms"`
	P99MS          int64  `json:"p99_ms"`
	QueryBytesOut  uint64 `json:"query_bytes_out"`
	AnswerBytesIn  uint64 `json:"answer_bytes_in"`
	In             uint64 `json:"in"` // others' queries, and what came of them
	Answered       uint64 `json:"answered"`
	Declined       uint64 `json:"declined"`
	Dropped        uint64 `json:"dropped"`
	QueryBytesIn   uint64 `json:"query_bytes_in"`
	AnswerBytesOut uint64 `json:"answer_bytes_out"`
}

// NewMethods returns the JSON form of the traffic of methods.
func NewMethods(t *dhtcore.Traffic, methods []dhtcore.Method) (rows []Method) {
	for _, m := range methods {
		s, d := &t.Methods[m], &t.Details[m]
		rows = append(rows, Method{m.String(), s.Out, s.RepliesIn, s.ErrorsIn, s.TimedOut,
			millis(d.RTT.Quantile(0.5)), millis(d.RTT.Quantile(0.95)), millis(d.RTT.Quantile(0.99)), d.QueryBytesOut, d.AnswerBytesIn,
			s.In, s.RepliesOut, s.ErrorsOut, d.Unanswered, d.QueryBytesIn, d.AnswerBytesOut})
	}
	return rows
}

var methodList = list[Method]{
	header: "method,asked,replied,refused,silent,p50_ms,p95_ms,p99_ms,query_bytes_out,answer_bytes_in,in,answered,declined,dropped,query_bytes_in,answer_bytes_out",
	csv: func(dst []byte, m *Method) []byte {
		return fmt.Appendf(dst, "%s,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d", m.Method, m.Asked, m.Replied, m.Refused, m.Silent, m.P50MS, m.P95MS,
			m.P99MS, m.QueryBytesOut, m.AnswerBytesIn, m.In, m.Answered, m.Declined, m.Dropped, m.QueryBytesIn, m.AnswerBytesOut)
	},
	plain: func(dst []byte, m *Method) []byte {
		return fmt.Appendf(dst, "%-17s  asked %d, replied %d, refused %d, silent %d, median %d ms; in %d, answered %d, declined %d, dropped %d",
			m.Method, m.Asked, m.Replied, m.Refused, m.Silent, m.P50MS, m.In, m.Answered, m.Declined, m.Dropped)
	},
}

// WriteMethods writes the traffic of methods in the format f, which is not Magnet.
func WriteMethods(w io.Writer, f Format, rows []Method) error { return methodList.write(w, f, rows) }

// Client is one version of one program among the hosts of the last hour, or all of a program without versions.
type Client struct {
	Client  string `json:"client"`
	Version string `json:"version"` // "" for none
	Replied int    `json:"replied"` // distinct hosts
	Asked   int    `json:"asked"`
}

// NewClients returns the JSON form of the clients, a row a version.
func NewClients(c *dhtcore.Clients) (rows []Client) {
	for i := range c.Rows {
		r := &c.Rows[i]
		if len(r.Versions) == 0 {
			rows = append(rows, Client{r.Name, "", r.Repliers, r.Askers})
		}
		for _, v := range r.Versions {
			rows = append(rows, Client{r.Name, v.Version, v.Repliers, v.Askers})
		}
	}
	return rows
}

var clientList = list[Client]{
	header: "client,version,replied,asked",
	csv: func(dst []byte, c *Client) []byte {
		dst = append(appendField(dst, c.Client), ',')
		return fmt.Appendf(appendField(dst, c.Version), ",%d,%d", c.Replied, c.Asked)
	},
	plain: func(dst []byte, c *Client) []byte {
		return fmt.Appendf(dst, "%-14s %-10s replied %d, asked %d", c.Client, c.Version, c.Replied, c.Asked)
	},
}

// WriteClients writes clients in the format f, which is not Magnet.
func WriteClients(w io.Writer, f Format, rows []Client) error { return clientList.write(w, f, rows) }

// Network is one network with nodes and askers in it.
type Network struct {
	Network string `json:"network"` // a prefix, a country code, or AS and a number
	Nodes   int    `json:"nodes"`
	Askers  int    `json:"askers"`
	Country string `json:"country"` // "" for unknown
	ASN     uint32 `json:"asn"`     // 0 for unknown
	Org     string `json:"org"`
}

// NewNetworks returns the JSON form of networks. Masked, prefixes that are longer than what may be shown are cut.
func NewNetworks(rows []dhtcore.NetworkRow, o Options) (all []Network) {
	for i := range rows {
		r := &rows[i]
		all = append(all, Network{o.Text(r.Name()), r.Nodes, r.Askers, r.Place.Country, r.Place.ASN, r.Place.Org})
	}
	return all
}

var networkList = list[Network]{
	header: "network,nodes,askers,country,asn,org",
	csv: func(dst []byte, n *Network) []byte {
		dst = fmt.Appendf(dst, "%s,%d,%d,%s,%d,", n.Network, n.Nodes, n.Askers, n.Country, n.ASN)
		return appendField(dst, n.Org)
	},
	plain: func(dst []byte, n *Network) []byte {
		return fmt.Appendf(dst, "%-20s nodes %d, askers %d  %s", n.Network, n.Nodes, n.Askers, n.Org)
	},
}

// WriteNetworks writes networks in the format f, which is not Magnet.
func WriteNetworks(w io.Writer, f Format, rows []Network) error { return networkList.write(w, f, rows) }

// FigureSample is one figure at one moment.
type FigureSample struct {
	At     timestamp `json:"at"`
	Figure string    `json:"figure"`
	Unit   string    `json:"unit"`
	Value  *float64  `json:"value"` // null while unknown
}

// NewHistory returns the JSON form of the history, a row a figure and minute.
func NewHistory(samples []dhtcore.HistorySample) (rows []FigureSample) {
	for i := range samples {
		for f := range dhtcore.Figures {
			row := FigureSample{At: timestamp(samples[i].At.Truncate(time.Second)), Figure: dhtcore.Figures[f].Name, Unit: dhtcore.Figures[f].Unit}
			if v := float64(samples[i].Values[f]); v == v {
				row.Value = &v
			}
			rows = append(rows, row)
		}
	}
	return rows
}

var historyList = list[FigureSample]{
	header: "at,figure,unit,value",
	csv: func(dst []byte, s *FigureSample) []byte {
		dst = append(s.At.append(dst), ',')
		dst = append(appendField(dst, s.Figure), ',')
		dst = append(append(dst, s.Unit...), ',')
		if s.Value != nil {
			dst = fmt.Appendf(dst, "%g", *s.Value)
		}
		return dst
	},
	plain: func(dst []byte, s *FigureSample) []byte {
		dst = s.At.append(dst)
		if s.Value == nil {
			return fmt.Appendf(dst, "  %-15s –", s.Figure)
		}
		return fmt.Appendf(dst, "  %-15s %g %s", s.Figure, *s.Value, s.Unit)
	},
}

// WriteHistory writes the history in the format f, which is not Magnet.
func WriteHistory(w io.Writer, f Format, rows []FigureSample) error {
	return historyList.write(w, f, rows)
}
