"""Revenue and spending of the city: classification, plan with amendments, cash plan, execution."""
