// Package traffic is pane 9: what is counted. It has five views: the traffic by method, the clients and the networks of others, what
// this node keeps for them, and the history of twenty figures.
package traffic
