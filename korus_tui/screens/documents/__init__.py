"""Handing over: documents, codes, receipts, holders of tickets."""
