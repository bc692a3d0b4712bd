package node

import (
	"sync/atomic"

	"dhtop/dhtcore/wire"
)

// MethodDetail is what is counted of the queries of one method beside their outcomes in MethodStats.
type MethodDetail struct {
	QueryBytesIn, AnswerBytesOut uint64 // others' queries, and our replies and errors to them
	QueryBytesOut, AnswerBytesIn uint64 // our queries, and the replies and errors to them

	Unanswered uint64             // others' queries that were dropped: Stats.Ignored, OverBudget and Unchecked have the reasons
	Malformed  uint64             // replies to our queries that are not valid
	RefusedOut [ErrorCodes]uint64 // our errors, by ErrorIndex
	RefusedIn  [ErrorCodes]uint64 // errors in reply to our queries, by ErrorIndex
	RTT        RTTHistogram       // of the replies to our queries, late ones included
}

// MethodDetails has a row for every method.
type MethodDetails [wire.Methods]MethodDetail

// errorCodes are the codes of KRPC errors that are counted apart (BEP 5, BEP 44).
var errorCodes = [...]int{wire.CodeGeneric, wire.CodeServer, wire.CodeProtocol, wire.CodeMethodUnknown, wire.CodeValueTooBig,
	wire.CodeSignature, wire.CodeSaltTooBig, wire.CodeCAS, wire.CodeOldSeq}

// ErrorCodes is how many counts of errors there are: one for every known code, and one for all others.
const ErrorCodes = len(errorCodes) + 1

// ErrorIndex returns the place of a code among the counts of errors, the last one for an unknown code.
func ErrorIndex(code int) int {
	for i, c := range errorCodes {
		if c == code {
			return i
		}
	}
	return ErrorCodes - 1
}

// ErrorCode returns the code that is counted at a place, 0 for all others.
func ErrorCode(index int) int {
	if index < len(errorCodes) {
		return errorCodes[index]
	}
	return 0
}

// methodDetail is the live form of a MethodDetail, but for what methodCounters has. Mostly one goroutine that reads a socket
// writes it, so that its cache lines stay with one core.
type methodDetail struct {
	queryBytesIn, answerBytesOut, answerBytesIn, unanswered, malformed atomic.Uint64
	refusedOut, refusedIn                                              [ErrorCodes]atomic.Uint64
	rtt                                                                rttCounter
}

// AddDetails adds what the node has counted of each method to sum.
func (n *Node) AddDetails(sum *MethodDetails) {
	n.eachCounters(func(c *counters) {
		for i := range sum {
			if d := c.details[i].Load(); d != nil {
				d.addTo(&sum[i])
			}
			sum[i].QueryBytesOut += c.methods[i].queryBytesOut.Load()
		}
	})
}

func (c *methodDetail) addTo(d *MethodDetail) {
	d.QueryBytesIn += c.queryBytesIn.Load()
	d.AnswerBytesOut += c.answerBytesOut.Load()
	d.AnswerBytesIn += c.answerBytesIn.Load()
	d.Unanswered += c.unanswered.Load()
	d.Malformed += c.malformed.Load()
	for code := range ErrorCodes {
		d.RefusedOut[code] += c.refusedOut[code].Load()
		d.RefusedIn[code] += c.refusedIn[code].Load()
	}
	for b := range c.rtt {
		d.RTT[b] += c.rtt[b].Load()
	}
}

// detail returns the details of a method. They are made with the first query of it: most nodes see half of the methods, their
// goroutines beside the reader none, and the embedded network has hundreds of nodes.
func (c *counters) detail(m wire.Method) *methodDetail {
	if d := c.details[m].Load(); d != nil {
		return d
	}
	c.details[m].CompareAndSwap(nil, new(methodDetail))
	return c.details[m].Load()
}

// drop counts a query of a method that is not answered, and why.
func (c *counters) drop(m wire.Method, why *atomic.Uint64) {
	why.Add(1)
	c.detail(m).unanswered.Add(1)
}

// refuse counts an error of ours of size bytes in reply to a query of a method.
func (c *counters) refuse(m wire.Method, code, size int) {
	c.methods[m].errorsOut.Add(1)
	d := c.detail(m)
	d.refusedOut[ErrorIndex(code)].Add(1)
	d.answerBytesOut.Add(uint64(size))
}

// replyTo counts a reply of ours of size bytes to a query of a method.
func (c *counters) replyTo(m wire.Method, size int) {
	c.methods[m].repliesOut.Add(1)
	c.detail(m).answerBytesOut.Add(uint64(size))
}
