{% test low_best_high_in_order(model) %}
select *
from {{ model }}
where low > best or best > high
{% endtest %}
