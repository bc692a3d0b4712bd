// Package packets is pane 5: the packets as they pass, and the opened one taken apart, field by field.
package packets
